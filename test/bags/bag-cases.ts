import type { BagCase } from "./bag-case.ts";
import { BAG_INFO_CASES } from "./cases/bag-info.ts";
import { DECLARATION_CASES } from "./cases/declaration.ts";
import { ENCODING_CASES } from "./cases/encodings.ts";
import { FETCH_CASES } from "./cases/fetch.ts";
import { MANIFEST_CASES } from "./cases/manifests.ts";
import { NAME_CASES } from "./cases/names.ts";
import { PAYLOAD_CASES } from "./cases/payload.ts";
import { TAG_FILE_CASES } from "./cases/tag-files.ts";
import { VERSION_CASES } from "./cases/versions.ts";

/** A bag or more for each clause of RFC 8493, and for what the drafts before it had otherwise. */
export const BAG_CASES: readonly BagCase[] = [
  ...DECLARATION_CASES,
  ...PAYLOAD_CASES,
  ...MANIFEST_CASES,
  ...TAG_FILE_CASES,
  ...BAG_INFO_CASES,
  ...FETCH_CASES,
  ...ENCODING_CASES,
  ...NAME_CASES,
  ...VERSION_CASES,
];
