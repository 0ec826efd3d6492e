import { z } from "zod";

const name = z.string().min(2).max(100).regex(/^[^\p{C}]+$/u);
const idType = z.enum([
  "resident_id", "passport", "hk_macao_permit", "hk_macao_residence", "taiwan_permit", "taiwan_residence",
  "foreign_permanent_resident",
]);
const person = { name, idType, idNumber: z.string().min(5).max(18) };
const date = z.string().regex(/^\d{8}$/);
const validity = { by: z.literal("id_card"), validFrom: date, validTo: date };

/** The bodies of the four requests. */
export const start = z.strictObject({
  method: z.literal("legal_representative"),
  consentVersion: z.string().min(1).max(40),
});
export const enterprise = z.strictObject({
  name,
  uscc: z.string().regex(/^[0-9A-HJ-NP-RT-UW-Y]{18}$/),
  orgCode: z.string().regex(/^[0-9A-Z]{9}$/),
  legalRepresentative: z.strictObject(person),
});
export const legalRepresentative = z.strictObject(validity);
export const accountHolder = z.strictObject({ ...person, ...validity });
