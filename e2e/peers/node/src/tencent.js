import { createHash, createHmac } from "node:crypto";
import http from "node:http";
import https from "node:https";

const endpoint = new URL(process.env.PEER_TENCENT_ENDPOINT);
const transport = endpoint.protocol === "https:" ? https : http;
const agent = new transport.Agent({ keepAlive: true });

const digest = (text) => createHash("sha256").update(text).digest("hex");
const mac = (key, text) => createHmac("sha256", key).update(text).digest();

/** Returns the headers of a request in signature method v3. */
function signed(service, version, action, body) {
  const timestamp = Math.floor(Date.now() / 1000).toString();
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const type = "application/json; charset=utf-8";
  const canonical = `POST\n/\n\ncontent-type:${type}\nhost:${endpoint.host}\n\ncontent-type;host\n${digest(body)}`;
  const scope = `${date}/${service}/tc3_request`;
  const key = mac(mac(mac(`TC3${process.env.PEER_TENCENT_SECRET_KEY}`, date), service), "tc3_request");
  const signature = mac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${digest(canonical)}`).toString("hex");
  return {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    "X-TC-Action": action,
    "X-TC-Version": version,
    "X-TC-Timestamp": timestamp,
    "X-TC-Region": "ap-guangzhou",
    Authorization: `TC3-HMAC-SHA256 Credential=${process.env.PEER_TENCENT_SECRET_ID}/${scope}, ` +
      `SignedHeaders=content-type;host, Signature=${signature}`,
  };
}

function ask(service, version, action, parameters) {
  const body = JSON.stringify(parameters);
  return new Promise((resolve, reject) => {
    const request = transport.request(endpoint, {
      agent, method: "POST", headers: signed(service, version, action, body), timeout: 5000,
    }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        try {
          const { Response } = JSON.parse(Buffer.concat(parts).toString());
          if (Response.Error) {
            reject(new Error(Response.Error.Code));
          } else {
            resolve(Response);
          }
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on("timeout", () => request.destroy(new Error("the provider does not answer")));
    request.on("error", reject);
    request.end(body);
  });
}

const inBusiness = "1";
const notFound = "-10002";

/** Asks the registry for the four elements of an enterprise. */
export async function checkEnterprise(e) {
  const answer = await ask("ocr", "2018-11-19", "VerifyBizLicenseEnterprise4", {
    CreditCode: e.uscc, EntName: e.name, LrName: e.legalRepresentative.name, IdNum: e.legalRepresentative.idNumber,
  });
  const evidence = { provider: "tencent", requestId: answer.RequestId };
  if (answer.OperatingStatus === notFound) {
    return { ...evidence, code: "enterprise_not_covered" };
  }
  if (answer.VerifyResult !== 1) {
    return { ...evidence, code: "enterprise_mismatch", mismatch: true };
  }
  return answer.OperatingStatus === inBusiness ? evidence : { ...evidence, code: "enterprise_not_in_business" };
}

/** Asks whether a person has the ID card. */
export async function checkIdCard(person, validFrom, validTo) {
  const answer = await ask("faceid", "2018-03-01", "CheckIdNameDate", {
    Name: person.name, IdCard: person.idNumber, ValidityBegin: validFrom, ValidityEnd: validTo,
  });
  const evidence = { provider: "tencent", requestId: answer.RequestId };
  switch (answer.Result) {
    case "0":
      return evidence;
    case "-1":
      return { ...evidence, code: "id_card_mismatch", mismatch: true };
    case "-7":
      return { ...evidence, code: "id_card_not_covered" };
    default:
      throw new Error(`the provider answers ${answer.Result}`);
  }
}
