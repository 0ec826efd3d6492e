import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { DecryptCommand, KMSClient } from "@aws-sdk/client-kms";

const kms = new KMSClient({});
let key; // unwrapped once in an instance

function dataKey() {
  key ??= kms
    .send(new DecryptCommand({ CiphertextBlob: Buffer.from(process.env.PEER_DATA_KEY, "base64") }))
    .then((out) => Buffer.from(out.Plaintext));
  return key;
}

/** Encrypts personal data, bound to the item that holds it. */
export async function seal(value, item) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", await dataKey(), nonce);
  cipher.setAAD(Buffer.from(item));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
}

/** Decrypts what seal returned for the item. */
export async function open(text, item) {
  const raw = Buffer.from(text, "base64");
  const cipher = createDecipheriv("aes-256-gcm", await dataKey(), raw.subarray(0, 12));
  cipher.setAAD(Buffer.from(item));
  cipher.setAuthTag(raw.subarray(12, 28));
  return JSON.parse(Buffer.concat([cipher.update(raw.subarray(28)), cipher.final()]).toString());
}
