/** Where a fault can strike: the four things that are asked for, in either dialect, and what is sent. */
export const FAULT_PLACES = ["list", "recording", "download", "media", "webhook"] as const;
export type FaultPlace = (typeof FAULT_PLACES)[number];

/** What of the sandbox a kind befalls: an HTTP exchange, a page of rows, what is told of one recording, or a webhook. */
export type FaultStage = "http" | "page" | "state" | "size" | "webhook";

/** What is known of one kind of fault before it strikes. */
export interface FaultRules {
  readonly stage: FaultStage;
  readonly places: readonly FaultPlace[];
  /** What the number behind `=` counts; undefined when the kind takes none. Only seconds can be a date. */
  readonly takes?: "byte" | "bytes" | "bytes a second" | "seconds" | "looks";
  /** Strikes only a request with a Range header. */
  readonly needsRange?: true;
  readonly about: string;
}

const ANYWHERE: readonly FaultPlace[] = ["list", "recording", "download", "media"];
const LIST: readonly FaultPlace[] = ["list"];
const MEDIA: readonly FaultPlace[] = ["media"];
const RANGED = { stage: "http", places: MEDIA, needsRange: true } as const;
const SENT_ON = { stage: "http", places: ["download"] } as const;
const REFUSED = { stage: "http", places: ANYWHERE, takes: "seconds" } as const;
const LISTED = { stage: "page", places: LIST } as const;

/** Every kind of fault that the sandbox has, as data. */
export const FAULT_KINDS = {
  reset: { stage: "http", places: ANYWHERE, takes: "byte", about: "connection reset (RST) at that byte of the body" },
  stall: {
    stage: "http",
    places: ANYWHERE,
    takes: "byte",
    about: "nothing more from that byte on, until the client goes",
  },
  drip: { stage: "http", places: ANYWHERE, takes: "bytes a second", about: "the body comes slowly" },
  cut: { stage: "http", places: ANYWHERE, takes: "byte", about: "connection ended at that byte, Content-Length right" },
  short: {
    stage: "http",
    places: MEDIA,
    takes: "bytes",
    about: "so many bytes too few, and a Content-Length that agrees",
  },
  "short-chunked": {
    stage: "http",
    places: MEDIA,
    takes: "bytes",
    about: "so many bytes too few, and no Content-Length",
  },
  flip: { stage: "http", places: MEDIA, takes: "bytes", about: "so many bytes are others" },
  json: { stage: "http", places: ANYWHERE, about: "status 200 with an error as JSON" },
  html: { stage: "http", places: ANYWHERE, about: "status 200 with a page" },
  empty: { stage: "http", places: ANYWHERE, about: "status 200 with no body" },
  "401": { ...REFUSED, about: "status 401, with a Retry-After of so many seconds (=2 or, as a date, =date2)" },
  "403": { ...REFUSED, about: "status 403, with a Retry-After of so many seconds (=2 or, as a date, =date2)" },
  "404": { ...REFUSED, about: "status 404, with a Retry-After of so many seconds (=2 or, as a date, =date2)" },
  "410": { ...REFUSED, about: "status 410, with a Retry-After of so many seconds (=2 or, as a date, =date2)" },
  "429": { ...REFUSED, about: "status 429, with a Retry-After of so many seconds (=2 or, as a date, =date2)" },
  "500": { ...REFUSED, about: "status 500, with a Retry-After of so many seconds (=2 or, as a date, =date2)" },
  "503": { ...REFUSED, about: "status 503, with a Retry-After of so many seconds (=2 or, as a date, =date2)" },
  "ignore-range": { ...RANGED, about: "status 200 with the whole body" },
  "range-start": { ...RANGED, about: "status 206 with bytes from another start, as its Content-Range says" },
  "range-total": { ...RANGED, about: "status 206 whose Content-Range has another total" },
  "empty-range": { ...RANGED, about: "status 206 with no body" },
  "wrong-digest": { stage: "http", places: MEDIA, about: "a Repr-Digest of other bytes" },
  "expired-403": { ...SENT_ON, about: "a temporary URL that the storage refuses with 403" },
  "expired-410": { ...SENT_ON, about: "a temporary URL that the storage refuses with 410" },
  "other-host": { ...SENT_ON, about: "redirect to a third host, which has the bytes and counts keys" },
  "redirect-loop": { ...SENT_ON, about: "redirect into a circle" },
  "redirect-file": { ...SENT_ON, about: "redirect to file:///etc/passwd" },
  "redirect-ftp": { ...SENT_ON, about: "redirect to ftp:" },
  "row-repeated": { ...LISTED, about: "a row of the page comes twice" },
  "row-dropped": { ...LISTED, about: "a row of the page is left out" },
  "row-appears": { ...LISTED, about: "the first page is without the newest recording, which later pages count" },
  "row-vanishes": { ...LISTED, about: "a row of an earlier page is gone, so that this page begins one too late" },
  "row-processing": {
    stage: "state",
    places: LIST,
    takes: "looks",
    about: "a recording is `processing`, and its download 404, for so many looks",
  },
  "wrong-size": { stage: "size", places: ["list", "recording"], about: "another file_size" },
  "webhook-twice": { stage: "webhook", places: ["webhook"], about: "an event is sent twice" },
  "webhook-late": { stage: "webhook", places: ["webhook"], about: "an event is sent after the next one" },
} as const satisfies Readonly<Record<string, FaultRules>>;
export type FaultKind = keyof typeof FAULT_KINDS;

/** The kinds whose stage is an HTTP exchange. */
export type HttpFaultKind = {
  [K in FaultKind]: (typeof FAULT_KINDS)[K]["stage"] extends "http" ? K : never;
}[FaultKind];

/** Returns what is known of a kind. */
export function rulesOf(kind: FaultKind): FaultRules {
  return FAULT_KINDS[kind];
}

/** Tells whether a text names a kind. */
export function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(FAULT_KINDS, text);
}

/** How many columns the names take in {@link describeFaultKinds}. */
export const FAULT_KIND_WIDTH = 26;

/** Describes every kind in a line, for help. */
export function describeFaultKinds(): readonly string[] {
  return Object.keys(FAULT_KINDS)
    .filter(isFaultKind)
    .map((kind) => {
      const { takes, about } = rulesOf(kind);
      const name = takes === undefined ? kind : `${kind}[=${takes.toUpperCase().replaceAll(" ", "_")}]`;
      return `${name.padEnd(FAULT_KIND_WIDTH)} ${about}`;
    });
}
