// The loop of a Lambda function: ask the Runtime API for an event, answer, ask again. AWS's
// own client does the same and starts no faster.
import http from "node:http";
import { handler } from "./handler.js";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body ? { "content-length": Buffer.byteLength(body) } : {};
    const to = { agent, host, port, method, path: `/2018-06-01/runtime/${path}`, headers };
    const request = http.request(to, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(parts).toString() }));
      answer.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function work() {
  for (;;) {
    const next = await call("GET", "invocation/next");
    const id = next.headers["lambda-runtime-aws-request-id"];
    try {
      const answer = await handler(JSON.parse(next.body), { awsRequestId: id });
      await call("POST", `invocation/${id}/response`, JSON.stringify(answer ?? null));
    } catch (error) {
      const problem = { errorType: error.name, errorMessage: error.message };
      await call("POST", `invocation/${id}/error`, JSON.stringify(problem));
    }
  }
}

work().catch((error) => {
  console.error(error);
  process.exit(1);
});
