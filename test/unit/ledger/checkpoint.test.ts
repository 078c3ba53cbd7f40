import { expect, test } from "vitest";
import { formatCheckpoint, openCheckpoint, tryParseCheckpoint } from "../../../src/ledger/checkpoint.ts";
import { signNote } from "../../../src/signing/note.ts";
import { generateSigningKey } from "../../../src/signing/signing-key.ts";

/** The text of the example of https://c2sp.org/tlog-checkpoint. */
const EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

test("reads and writes the example of the specification", () => {
  const checkpoint = tryParseCheckpoint(EXAMPLE);
  expect(checkpoint?.size).toBe(20_852_163);
  expect(checkpoint?.root.toString("hex")).toBe("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62");
  expect(checkpoint && formatCheckpoint(checkpoint)).toBe(EXAMPLE);
});

test("passes over lines that extend it", () => {
  expect(tryParseCheckpoint(`${EXAMPLE}more 1\nmore 2\n`)?.size).toBe(20_852_163);
});

test.each([
  ["a leading zero", EXAMPLE.replace("20852163", "020852163")],
  ["a sign", EXAMPLE.replace("20852163", "+20852163")],
  ["a size beyond all counting", EXAMPLE.replace("20852163", "9007199254740993")],
  ["a root of 31 bytes", EXAMPLE.replace(/\n[^\n]+=\n$/, `\n${Buffer.alloc(31).toString("base64")}\n`)],
  ["a root of 33 bytes", EXAMPLE.replace(/\n[^\n]+=\n$/, `\n${Buffer.alloc(33).toString("base64")}\n`)],
  ["a root with bits of no byte", EXAMPLE.replace("q2I=", "q2J=")],
  ["no origin", EXAMPLE.replace("example.com/behind-the-sofa", "")],
  ["no last line feed", EXAMPLE.slice(0, -1)],
  ["an empty line behind it", `${EXAMPLE}\n`],
  ["two lines", "a\n1\n"],
])("refuses %s", (_, text) => {
  expect(tryParseCheckpoint(text)).toBeUndefined();
});

test("is not believed of a key that signs for another log", () => {
  const key = generateSigningKey();
  const root = Buffer.alloc(32, 7);
  const verifiers = [{ name: "holdfast/ledger/a", publicKey: key.publicKey }];
  const note = signNote(formatCheckpoint({ origin: "holdfast/ledger/b", size: 1, root }), {
    name: "holdfast/ledger/a",
    key,
  });
  expect(openCheckpoint(note, verifiers)).toEqual({ problem: expect.stringContaining("of another ledger") });
});
