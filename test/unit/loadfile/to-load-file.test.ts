import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LoadFileValueError } from "../../../src/loadfile/errors.ts";
import { LOAD_FILE_FIELDS, toRow } from "../../../src/loadfile/fields.ts";
import { NASTY_TEXTS, sampleRecording, sampleRecordings } from "../../helpers/sample-package.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { calledBy, write } from "./rig.ts";

const FORMULA = /^[=+\-@\t\r\n]/;

/** Another program's reader of tables: all of its rows as JSON. */
const READ_CSV =
  "import csv,json,sys; print(json.dumps(list(csv.reader(open(sys.argv[1],encoding='utf-8-sig',newline='')))))";

test("a row tells what is known of a recording", () => {
  const recording = { ...sampleRecording(21), original: { ...sampleRecording(21).original, md5: "0f" } };
  expect(Object.entries(toRow(recording, { custodian: "Ms Example", pathSeparator: "\\" })).flat()).toEqual([
    ...["BEGBATES", "EX000022", "ENDBATES", "EX000022", "BEGATTACH", "EX000022", "ENDATTACH", "EX000023"],
    ...["CUSTODIAN", "Ms Example", "FILENAME", "rec_21.wav", "FILEEXT", "wav"],
    ...["FILESIZE", String(recording.original.sizeBytes), "SHA256", recording.original.sha256, "MD5HASH", "0f"],
    ...["NATIVEPATH", "data\\originals\\EX000022 100%2F #1?.wav", "DURATION", "2.000"],
    ...["CALLER", "+49301166299", "CALLEE", "+49892399309", "DIRECTION", "inbound"],
    ...["STARTUTC", "2026-01-05T13:57:00.000Z", "ENDUTC", "2026-01-05T13:57:02.000Z", "EVIDENCE", "http-digest"],
    ...["RECORDINGID", "rec_21", "CALLID", "call_7"],
    ...["LISTENINGPATH", "data\\listening\\EX000022 100%2F #1?.wav"],
  ]);
});

test("of a plain file nothing is made up", () => {
  const row = toRow({ ...sampleRecording(20), audio: undefined }, { custodian: undefined, pathSeparator: "/" });
  const known = Object.entries(row).flatMap(([field, value]) => (value === "" ? [] : [field]));
  expect(known).toEqual([
    ...["BEGBATES", "ENDBATES", "BEGATTACH", "ENDATTACH", "FILENAME", "FILEEXT", "FILESIZE", "SHA256", "NATIVEPATH"],
  ]);
});

describe("byte for byte", () => {
  const caller = '\u00DEór þ, "Acme®"\r\n=1;+2 \u0014\u202E';

  test.each([
    ["dat", "utf8", "\uFEFFþBEGBATESþ\u0014", '\u0014þÞór þþ, "Acme{U+00AE}"®=1;+2 {U+0014}{U+202E}þ\u0014þþ\u0014'],
    [
      "dat-windows-1252",
      "latin1",
      "þBEGBATESþ\u0014",
      '\u0014þÞór þþ, "Acme{U+00AE}"®=1;+2 {U+0014}{U+202E}þ\u0014þþ\u0014',
    ],
    ["csv", "utf8", "\uFEFFBEGBATES,", ',"Þór þ, ""Acme®""\r\n\'=1;\'+2 {U+0014}{U+202E}",,'],
  ] as const)("%s", (profile, encoding, begin, value) => {
    const written = write([calledBy(caller)], profile).toString(encoding);
    expect(written.slice(0, begin.length)).toBe(begin);
    expect(written).toContain(value);
    expect(written.slice(-2)).toBe("\r\n");
  });

  test("Windows-1252 has the delimiters as single bytes, and the euro sign", () => {
    const written = write([calledBy("€1")], "dat-windows-1252");
    expect(written.includes(Buffer.from([0xfe, 0x14, 0xfe, 0x80, 0x31, 0xfe, 0x14]))).toBe(true);
  });
});

test("what an encoding has not is refused by recording and field, and never replaced", () => {
  const attempt = () => write([sampleRecording(20), calledBy("\u0141ód\u017A")], "dat-windows-1252");
  expect(attempt).toThrow(LoadFileValueError);
  expect(attempt).toThrow(/^CALLER of EX000022 has a character .* dat-windows-1252 cannot write: U\+0141$/);
  expect(() => write([calledBy("\u0141")], "dat")).not.toThrow();
});

test("a DAT that is split at its delimiters alone has as many values in every line, and no line more", () => {
  const recordings = [...sampleRecordings(NASTY_TEXTS.length), calledBy("þ\u0014þ"), calledBy("þ")];
  const lines = write(recordings, "dat")
    .toString()
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  expect(lines).toHaveLength(recordings.length + 2);
  for (const line of lines.slice(0, -1)) expect(line.split("\u0014")).toHaveLength(LOAD_FILE_FIELDS.length);
});

test("python reads the same table from the CSV, and no spreadsheet a formula", async () => {
  const recordings = [...sampleRecordings(NASTY_TEXTS.length), ...NASTY_TEXTS.map(calledBy)];
  const path = join(await makeTemporaryFolder(), "load.csv");
  await writeFile(path, write(recordings, "csv"));
  const rows: string[][] = JSON.parse(execFileSync("python3", ["-c", READ_CSV, path], { encoding: "utf8" }));
  expect(rows[0]).toEqual(LOAD_FILE_FIELDS);
  expect(rows.slice(1).map(([control]) => control)).toEqual(recordings.map(({ controlNumber }) => controlNumber));
  for (const row of rows) {
    expect(row).toHaveLength(LOAD_FILE_FIELDS.length);
    expect(row.filter((value) => FORMULA.test(value))).toEqual([]);
  }
  const digests = rows.slice(1).map((row) => row[LOAD_FILE_FIELDS.indexOf("SHA256")]);
  expect(digests).toEqual(recordings.map(({ original }) => original.sha256));
});
