import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../../core/clock.ts";
import { tryParseByteRange } from "../byte-range.ts";
import type { Credentials } from "../credentials.ts";
import { isCompleted } from "../is-completed.ts";
import type { RecordingShelf } from "../recording-shelf.ts";
import type { SandboxFolder } from "../sandbox-folder.ts";
import type { SandboxStore } from "../sandbox-store.ts";
import type { CompletedRecording } from "../schema.ts";
import { sendAudio } from "../send-audio.ts";
import { toAccountItem } from "./account-item.ts";
import { toAccountPage, toStartKey } from "./account-page.ts";
import { toMonth, toRecordingId } from "./account-recording-id.ts";
import { asksForAudio } from "./asks-for-audio.ts";
import { AccountError, answerWithEnvelopes, toEnvelope } from "./envelope.ts";
import { AccountListQuery, SignIn } from "./schema.ts";
import { TokenBucket } from "./token-bucket.ts";

/** What the account's listing takes. */
export interface AccountPorts {
  readonly accountId: string;
  readonly store: SandboxStore;
  readonly shelf: RecordingShelf;
  readonly folder: SandboxFolder;
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Whether an account that asks too fast is refused. */
  readonly rateLimited: boolean;
}

interface AccountRoute {
  Params: { accountId: string; recordingId: string };
}

const COST = { signIn: 35, request: 1 } as const;

/**
 * Adds the other listing: sign-in, an account's recordings and their bytes. None of it is on the vendor's page; it
 * behaves as the open server does that the vendor's seems to be [K], with the sign-in of other public pages [O].
 */
export function addAccountRoutes(server: FastifyInstance, ports: AccountPorts): void {
  const { store, shelf, clock } = ports;
  const bucket = new TokenBucket(clock);
  const spend = (cost: number) => async () => {
    if (ports.rateLimited && !bucket.tryTake(cost)) throw new AccountError("rate_limit_exceeded");
  };
  const authorise = async (request: FastifyRequest) => assertAccount(request, ports);
  const onRequest = [spend(COST.request), authorise];
  answerWithEnvelopes(server);

  server.put("/api_auth", { onRequest: spend(COST.signIn) }, async (request) => signIn(request, ports));

  server.get("/accounts/:accountId/recordings", { onRequest }, async (request) => {
    const query = readQuery(request.query);
    const page = shelf.page(toAccountPage(query, { nowMs: clock.now(), subject: request.url }));
    const items = page.rows.filter(isCompleted).map((row) => toAccountItem(row, store.call(row.callId)));
    const keys = { start_key: query.start_key, next_start_key: toStartKey(page.next) };
    return toEnvelope(request, items, { page_size: items.length, ...keys });
  });

  const path = "/accounts/:accountId/recordings/:recordingId";
  server.get<AccountRoute>(path, { onRequest }, async (request, reply) => {
    const recording = findRecording(shelf, request.params.recordingId);
    if (asksForAudio(request)) return sendRecording({ request, reply }, recording, ports);
    return toEnvelope(request, toAccountItem(recording, store.call(recording.callId)));
  });
  server.head<AccountRoute>(path, { onRequest }, async () => {
    throw new AccountError("invalid_method");
  });
}

function signIn(request: FastifyRequest, { credentials, accountId }: AccountPorts) {
  const body = SignIn.safeParse(request.body);
  if (!body.success) throw new AccountError("faulty_request");
  const key = body.data.data.api_key;
  const auth_token = credentials.tryExchange(key);
  if (auth_token === undefined) throw new AccountError("invalid_credentials", key);
  return { ...toEnvelope(request, { account_id: accountId }), auth_token };
}

/** @throws {AccountError} the key or token is not good, or the account is another's. */
function assertAccount(request: FastifyRequest, { credentials, accountId }: AccountPorts): void {
  if (!credentials.accepts(request.headers)) throw new AccountError("invalid_credentials");
  const asked = (request.params as AccountRoute["Params"]).accountId;
  if (asked !== accountId) throw new AccountError("bad_identifier", asked);
}

function readQuery(query: unknown): AccountListQuery {
  const checked = AccountListQuery.safeParse(query);
  if (checked.success) return checked.data;
  throw new AccountError("faulty_request", String(checked.error.issues[0]?.path[0]));
}

/** A recording that was saved in the month after its start is listed, and yet not found by its id [K]. */
function findRecording(shelf: RecordingShelf, accountRecordingId: string): CompletedRecording {
  const recording = shelf.find(toRecordingId(accountRecordingId));
  if (!isCompleted(recording) || crossesMonth(recording)) {
    throw new AccountError("bad_identifier", accountRecordingId);
  }
  return recording;
}

function crossesMonth({ startedAtMs, file }: CompletedRecording): boolean {
  return toMonth(startedAtMs) !== toMonth(file.completedAtMs);
}

function sendRecording(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  recording: CompletedRecording,
  { folder, store }: AccountPorts,
): FastifyReply {
  const sizeBytes = store.recording(recording.recordingId)?.file?.sizeBytes ?? recording.file.sizeBytes;
  const path = folder.audioFile(recording);
  const { range } = request.headers;
  if (range === `bytes=${sizeBytes}-`) return sendNothing(reply, sizeBytes);
  return sendAudio(reply, { path, sizeBytes, mediaType: "audio/mpeg", range: toHonouredRange(range, sizeBytes) });
}

/** A start equal to the size is no error there, but an empty part [K]. */
function sendNothing(reply: FastifyReply, sizeBytes: number): FastifyReply {
  return reply
    .code(206)
    .headers({ "Content-Type": "audio/mpeg", "Content-Range": `bytes */${sizeBytes}` })
    .send("");
}

/** An end behind the file, a suffix and several ranges give the whole body; If-Range is not looked at [K]. */
function toHonouredRange(header: string | undefined, sizeBytes: number) {
  const [, last] = /^bytes=\d+-(\d*)$/.exec(header ?? "") ?? [];
  if (last === undefined || Number(last) >= sizeBytes) return undefined;
  return tryParseByteRange(header, sizeBytes);
}
