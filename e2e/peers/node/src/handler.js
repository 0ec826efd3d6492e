// The four-step verification of the legal-representative method, as a team that knows
// Node and DynamoDB would write it: one function for all routes, one table, one
// transaction for each decision. The session's own item holds the order of its steps.
import { randomUUID } from "node:crypto";
import { open, seal } from "./seal.js";
import * as schema from "./schema.js";
import { Conflict, put, read, remove, write } from "./table.js";
import { checkEnterprise, checkIdCard } from "./tencent.js";

const triesPerStep = 5;
const failedTriesPerDay = 10;
const sessionsPerDay = 5;
const stepTimeout = 30 * 60_000;
const sessionTimeout = 24 * 60 * 60_000;
const steps = ["enterprise", "legal_representative", "account_holder"];

class Problem extends Error {
  constructor(status, code, more = {}) {
    super(code);
    this.answer = { status, code, title: code, ...more };
  }
}

const keys = {
  account: (id) => ({ PK: `ACCOUNT#${id}`, SK: "PROFILE" }),
  lock: (id) => ({ PK: `ACCOUNT#${id}`, SK: "LIVE#legal_representative" }),
  day: (id, now) => ({ PK: `ACCOUNT#${id}`, SK: `DAY#${new Date(now + 8 * 3_600_000).toISOString().slice(0, 10)}` }),
  enterprise: (uscc) => ({ PK: `ENTERPRISE#${uscc}`, SK: "PROFILE" }),
  session: (id) => ({ PK: `SESSION#${id}`, SK: "STATE" }),
};

function entry(uscc, at, action, more) {
  return put({ PK: `ENTERPRISE#${uscc}`, SK: `AUDIT#${at}#${randomUUID()}`, body: { action, at, ...more } });
}

function newDay(key, now) {
  return { ...key, expires: Math.floor(now / 1000) + 2 * 86_400, body: { sessions: 0, failed: 0 } };
}

/** What a session shows. */
function view(id, s) {
  return {
    id, method: "legal_representative", status: s.status, step: s.status === "requires_input" ? steps[s.step] : null,
    steps: steps.map((name, i) => ({
      name, outcome: i < s.step || s.status === "verified" ? "passed" : "pending",
      attemptsLeft: triesPerStep - s.tries[i],
    })),
    enterprise: s.enterprise, createdAt: new Date(s.createdAt).toISOString(),
    expiresAt: new Date(Math.min(s.stepDue, s.endsAt)).toISOString(),
  };
}

async function startSession(accountId, body) {
  const { consentVersion } = schema.start.parse(body);
  const now = Date.now();
  const [account, lock, storedDay] = await read(
    keys.account(accountId), keys.lock(accountId), keys.day(accountId, now),
  );
  if (!account) {
    throw new Problem(404, "not_found");
  }
  if (lock) {
    throw new Problem(409, "session_live", { sessionId: lock.body.sessionId });
  }
  const day = storedDay ?? newDay(keys.day(accountId, now), now);
  if (day.body.sessions >= sessionsPerDay) {
    throw new Problem(429, "session_limit_reached");
  }
  const id = randomUUID();
  const session = {
    ...keys.session(id), GSI1PK: `ACCOUNT#${accountId}`, GSI1SK: `SESSION#${now}`,
    body: {
      accountId, status: "requires_input", step: 0, tries: [0, 0, 0], enterprise: account.body.enterprise,
      consent: { version: consentVersion, at: now }, createdAt: now, stepDue: now + stepTimeout,
      endsAt: now + sessionTimeout,
    },
  };
  await write(
    put(session),
    put({ ...keys.lock(accountId), expires: Math.floor(session.body.endsAt / 1000), body: { sessionId: id } }),
    put({ ...day, body: { ...day.body, sessions: day.body.sessions + 1 } }),
    entry(account.body.enterprise.uscc, now, "session_started", { accountId, sessionId: id }),
  );
  return { status: 201, body: view(id, session.body) };
}

/** Answers step n of a session: check asks the provider. */
async function submit(accountId, id, n, parse, body, check) {
  const input = parse.parse(body);
  const now = Date.now();
  const last = n === steps.length - 1;
  const [session, storedDay, account] = await read(
    keys.session(id), keys.day(accountId, now), keys.account(accountId),
  );
  if (!session || session.body.accountId !== accountId) {
    throw new Problem(404, "not_found");
  }
  const s = session.body;
  if (s.status !== "requires_input" || s.step !== n || now > s.stepDue || now > s.endsAt) {
    throw new Problem(409, "step_not_open");
  }
  const day = storedDay ?? newDay(keys.day(accountId, now), now);
  if (day.body.failed >= failedTriesPerDay) {
    throw new Problem(429, "attempts_exhausted");
  }
  const { subject, ...result } = await check(input, s, account);
  const { uscc } = s.enterprise;
  const attempt = put({
    PK: session.PK, SK: `ATTEMPT#${now}#${session.version}`, body: { step: steps[n], by: input.by, at: now, ...result },
  });
  const audit = entry(uscc, now, "step_decided", { accountId, sessionId: id, step: steps[n], code: result.code });
  if (result.code) {
    await refuse(session, day, n, result, attempt, audit);
  }
  const decided = { ...s, step: n + 1, stepDue: now + stepTimeout, subject: subject ?? s.subject };
  const writes = [attempt, audit];
  if (last) {
    const [enterprise] = await read(keys.enterprise(uscc));
    Object.assign(decided, { status: "verified", closedAt: now, subject: undefined });
    const passed = { state: "passed", method: "legal_representative", sessionId: id, at: now };
    writes.push(
      put({ ...account, body: { ...account.body, holder: passed } }),
      put({ ...enterprise, body: { ...enterprise.body, aspect: passed } }),
      remove(keys.lock(accountId)),
      put({
        PK: `OUTBOX#${uscc}`, SK: `${now}#${id}`, GSI2PK: "PENDING", GSI2SK: `${now}`,
        body: { events: ["EnterpriseVerified", "HolderVerified", "SessionClosed"], sessionId: id },
      }),
    );
  }
  await write(put({ ...session, body: decided }), ...writes);
  return { status: 200, body: view(id, decided) };
}

/** Stores a failed attempt and throws its problem. */
async function refuse(session, day, n, result, attempt, audit) {
  const s = session.body;
  const tries = s.tries.with(n, s.tries[n] + (result.mismatch ? 1 : 0));
  const failed = tries[n] >= triesPerStep;
  const writes = [put({ ...session, body: { ...s, tries, status: failed ? "failed" : s.status } }), attempt, audit];
  if (result.mismatch) {
    writes.push(put({ ...day, body: { ...day.body, failed: day.body.failed + 1 } }));
  }
  if (failed) {
    writes.push(remove(keys.lock(s.accountId)));
  }
  await write(...writes);
  throw new Problem(422, result.code, { attemptsLeft: triesPerStep - tries[n] });
}

const routes = {
  "POST /v1/sessions": (accountId, _, body) => startSession(accountId, body),
  "POST /v1/sessions/{id}/enterprise": (accountId, id, body) =>
    submit(accountId, id, 0, schema.enterprise, body, async (input, s) => {
      if (input.name !== s.enterprise.name || input.uscc !== s.enterprise.uscc) {
        return { code: "enterprise_mismatch", mismatch: true };
      }
      const result = await checkEnterprise(input);
      return result.code ? result : { ...result, subject: await seal(input.legalRepresentative, id) };
    }),
  "POST /v1/sessions/{id}/legal-representative": (accountId, id, body) =>
    submit(accountId, id, 1, schema.legalRepresentative, body, async (input, s) =>
      checkIdCard(await open(s.subject, id), input.validFrom, input.validTo)),
  "POST /v1/sessions/{id}/account-holder": (accountId, id, body) =>
    submit(accountId, id, 2, schema.accountHolder, body, async (input, _, account) => {
      const holder = await open(account.body.administrator, accountId);
      if (input.name !== holder.name || input.idNumber !== holder.idNumber) {
        return { code: "holder_mismatch", mismatch: true };
      }
      return checkIdCard(input, input.validFrom, input.validTo);
    }),
};

/** Stores accounts with their enterprises: {accounts: [{id, enterprise, administrator}]}. */
async function importAccounts(accounts) {
  for (const { id, enterprise, administrator } of accounts) {
    await write(
      put({ ...keys.account(id), body: { enterprise, administrator: await seal(administrator, id) } }),
      put({ ...keys.enterprise(enterprise.uscc), body: { name: enterprise.name } }),
    );
  }
}

function answer(status, body) {
  const type = status < 400 ? "application/json" : "application/problem+json";
  return { statusCode: status, headers: { "content-type": type }, body: JSON.stringify(body) };
}

/** Handles an event of API Gateway, or an import. */
export async function handler(event, context) {
  if (event.accounts) {
    return importAccounts(event.accounts);
  }
  const problem = (status, code, more) => answer(status, { status, code, requestId: context.awsRequestId, ...more });
  const route = routes[event.routeKey];
  const { accountId } = event.requestContext.authorizer.lambda;
  if (!route) {
    return problem(404, "not_found");
  }
  try {
    const out = await route(accountId, event.pathParameters?.id, JSON.parse(event.body));
    return answer(out.status, out.body);
  } catch (error) {
    if (error instanceof Problem) {
      return problem(error.answer.status, error.answer.code, error.answer);
    }
    if (error instanceof SyntaxError || error.name === "ZodError") {
      const errors = error.issues?.map((i) => ({ pointer: `/${i.path.join("/")}` }));
      return problem(400, "invalid_request", { errors });
    }
    if (error instanceof Conflict) {
      return problem(409, "conflict");
    }
    console.error(JSON.stringify({ level: "error", requestId: context.awsRequestId, error: error.message }));
    return problem(503, "service_unavailable");
  }
}
