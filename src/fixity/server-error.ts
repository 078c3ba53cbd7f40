import { tryParseJson } from "../core/try-parse-json.ts";

/** What servers call it when they say that something went wrong. */
const ERROR_FIELDS = ["error", "errors", "error_description", "fault", "exception"] as const;

/** Tells whether a text is what a server answers instead of a recording: a JSON object that speaks of an error. */
export function isServerError(text: string): boolean {
  const document = tryParseJson(text);
  if (typeof document !== "object" || document === null || Array.isArray(document)) return false;
  const fields = document as Readonly<Record<string, unknown>>;
  if (ERROR_FIELDS.some((name) => Boolean(fields[name]))) return true;
  const { status, code, statusCode, message, detail, title } = fields;
  const states = [status, code, statusCode].some((value) => typeof value === "number" && value >= 400 && value < 600);
  return states && [message, detail, title].some((value) => typeof value === "string");
}
