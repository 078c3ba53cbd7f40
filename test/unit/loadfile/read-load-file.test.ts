import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LoadFileError } from "../../../src/loadfile/errors.ts";
import { LOAD_FILE_PROFILES } from "../../../src/loadfile/profiles.ts";
import { sampleRecordings } from "../../helpers/sample-package.ts";
import { anyText, calledBy, read, write } from "./rig.ts";

/** What a value comes back as: a DAT has one kind of line end. */
const RETURNED = {
  dat: (value: string) => value.replaceAll(/\r\n?/g, "\n"),
  "dat-windows-1252": (value: string) => value.replaceAll(/\r\n?/g, "\n"),
  csv: (value: string) => value,
};

const WRITABLE = {
  dat: anyText,
  "dat-windows-1252": anyText.map((value) => value.replaceAll(/[^\0-\u00FF€Žž\p{Cs}]/gu, "ž")),
  csv: anyText,
};

describe.each(LOAD_FILE_PROFILES)("%s", (profile) => {
  test("every value comes back, however the file is cut into chunks", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(WRITABLE[profile]), fc.integer({ min: 1, max: 4000 }), async (values, chunkBytes) => {
        const rows = await read(write(values.map(calledBy), profile), profile, chunkBytes);
        expect(rows.map(({ CALLER }) => CALLER)).toEqual(values.map(RETURNED[profile]));
        expect(rows.map(({ CALLID }) => CALLID)).toEqual(values.map(RETURNED[profile]));
      }),
    );
  });

  test("a file of no recording has no row", async () => {
    expect(await read(write([], profile), profile)).toEqual([]);
  });

  test("all rows of a large file are counted", async () => {
    const recordings = [...sampleRecordings(40)].slice(20);
    const many = Array.from({ length: 20 }, () => recordings).flat();
    expect(await read(write(many, profile), profile)).toHaveLength(400);
  });

  test("what was cut off anywhere is refused, or is a row less", async () => {
    const bytes = write([calledBy("+49"), calledBy('þ,"')], profile);
    for (let length = 0; length < bytes.length; length += 1) {
      const rows = await read(bytes.subarray(0, length), profile).catch((error: unknown) => error);
      if (Array.isArray(rows)) expect(rows.length).toBeLessThan(2);
      else expect(rows).toBeInstanceOf(LoadFileError);
    }
  });
});

describe("what is not of the profile is refused", () => {
  const dat = write([calledBy("1")], "dat").toString();
  const csv = write([calledBy("1")], "csv").toString();
  const latin = write([calledBy("1")], "dat-windows-1252").toString("latin1");

  test.each([
    ["nothing", "", "dat", /is empty/],
    ["no byte order mark", dat.slice(1), "dat", /byte order mark/],
    ["other columns", csv.replace("ENDBATES", "EndBates"), "csv", /names of its columns/],
    ["a column less", dat.replace("\u0014þCALLIDþ", ""), "dat", /names of its columns/],
    ["a value more", csv.replace(/\r\n$/, ",\r\n"), "csv", /line 2 has 22 values, and not 21/],
    ["a value less", csv.replace(/,[^,]*\r\n$/, "\r\n"), "csv", /line 2 has 20 values, and not 21/],
    ["an empty line", `${csv}\r\n`, "csv", /line 3 has 1 values/],
    ["a line end of another system", csv.replaceAll("\r\n", "\n"), "csv", /no end/],
    ["a bare line feed", csv.replace(",1,", ",1\n,"), "csv", /line 2 .* not of the profile csv/],
    ["a bare quote", csv.replace(",1,", ',1",'), "csv", /no end/],
    ["words behind quotes", csv.replace(",1,", ',"1"2,'), "csv", /line 2 .* not of the profile csv/],
    ["a bare value", dat.replace("þ1þ", "1"), "dat", /line 2 .* not of the profile dat/],
    ["a quote that is never closed", `${csv}"${"x\r\n".repeat(1 << 19)}`, "csv", /too long/],
  ] as const)("%s", async (_what, text, profile, message) => {
    const reading = read(Buffer.from(text), profile);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(LoadFileError);
  });

  test.each([
    ["dat", Buffer.from(dat.replace("þ1þ", "þ\u00FFþ"), "latin1")],
    ["dat", Buffer.concat([Buffer.from(dat), Buffer.from([0xc3])])],
    ["dat-windows-1252", Buffer.from(latin.replace("þ1þ", "þ\u0081þ"), "latin1")],
  ] as const)("bytes that %s has not", async (profile, bytes) => {
    await expect(read(bytes, profile)).rejects.toThrow(`are not in the encoding of the profile ${profile}`);
  });
});
