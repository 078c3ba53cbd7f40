import type { ErrorCode } from "../../src/core/errors.ts";
import type { FaultKind } from "../../src/sandbox/faults/fault-kinds.ts";

/** An address that the storage refuses is not the key's fault: it is asked for again until patience ends. */
const REFUSED: readonly ErrorCode[] = ["VENDOR_UNAUTHORIZED", "VENDOR_UNAVAILABLE"];
const BROKEN_OFF: readonly ErrorCode[] = ["VENDOR_UNAVAILABLE"];
const SHORTENED: readonly ErrorCode[] = ["SIZE_MISMATCH", "VENDOR_UNAVAILABLE"];
const SENT_ASTRAY: readonly ErrorCode[] = ["VENDOR_REDIRECT_REFUSED"];
/** No failure can come of it: what it spoils is had in another way. */
const HARMLESS: readonly ErrorCode[] = [];

/** Which codes a fault that strikes a question about a recording, or its download, may truly end in. */
export const FAULT_CODES: Readonly<Record<FaultKind, readonly ErrorCode[]>> = {
  "401": REFUSED,
  "403": REFUSED,
  "404": ["VENDOR_NOT_FOUND"],
  "410": ["VENDOR_NOT_FOUND", "VENDOR_UNAVAILABLE"],
  "429": ["VENDOR_RATE_LIMITED"],
  "500": ["VENDOR_UNAVAILABLE"],
  "503": ["VENDOR_UNAVAILABLE"],
  reset: BROKEN_OFF,
  stall: BROKEN_OFF,
  drip: BROKEN_OFF,
  cut: BROKEN_OFF,
  short: SHORTENED,
  "short-chunked": SHORTENED,
  flip: ["DIGEST_MISMATCH", "MEDIA_LOOKS_DAMAGED", "MEDIA_NOT_AUDIO"],
  json: ["VENDOR_RESPONSE_INVALID"],
  html: ["VENDOR_RESPONSE_INVALID"],
  empty: ["SIZE_MISMATCH", "MEDIA_NOT_AUDIO"],
  "ignore-range": HARMLESS,
  "range-start": HARMLESS,
  "range-total": SHORTENED,
  "empty-range": SHORTENED,
  "wrong-digest": ["DIGEST_MISMATCH"],
  "expired-403": BROKEN_OFF,
  "expired-410": BROKEN_OFF,
  "other-host": HARMLESS,
  "redirect-loop": SENT_ASTRAY,
  "redirect-file": SENT_ASTRAY,
  "redirect-ftp": SENT_ASTRAY,
  "row-repeated": HARMLESS,
  "row-dropped": HARMLESS,
  "row-appears": HARMLESS,
  "row-vanishes": HARMLESS,
  "row-processing": ["VENDOR_NOT_FOUND"],
  "wrong-size": ["SIZE_MISMATCH"],
  "webhook-twice": HARMLESS,
  "webhook-late": HARMLESS,
};
