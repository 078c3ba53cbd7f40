import { describe, expect, it } from "vitest";
import { parseChecksumList } from "../../../src/checksum/checksum-list.ts";

const MD5 = "9dd4e461268c8034f5c8564e155c67a6";
const SHA1 = "11f6ad8ec52a2984abaafd7c3b516503785c2072";
const SHA224 = "54a2f7f92a5f975d8096af77a126edda7da60c5aa872ef1b871701ae";
const SHA256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
const SHA384 = "d752c2c51fba0e29aa190570a9d4253e44077a058d3297fa3a5630d5bd012622f97c28acaed313b5c83bb990caa7da85";
const SHA512 =
  "a4abd4448c49562d828115d13a1fccea927f52b4d5459297f8b43e42da89238bc13626e43dcb38ddb082488927ec904fb42057443983e88585179d50551afe62";

function parse(...lines: readonly string[]) {
  return parseChecksumList(Buffer.from(`${lines.join("\n")}\n`));
}

function pathsOf(...lines: readonly string[]): readonly string[] {
  return parse(...lines).files.map(({ path }) => path);
}

describe("lines of sha256sum and its like", () => {
  it.each([
    ["md5", MD5],
    ["sha1", SHA1],
    ["sha224", SHA224],
    ["sha256", SHA256],
    ["sha384", SHA384],
    ["sha512", SHA512],
  ])("takes a digest of its length to be %s", (algorithm, hex) => {
    expect(parse(`${hex}  a.wav`).files).toEqual([
      { lineNumber: 1, path: "a.wav", digests: [{ algorithm, hex }], sizeBytes: undefined },
    ]);
  });

  it.each([
    ["text mode", `${SHA256}  a b`, "a b"],
    ["binary mode", `${SHA256} *a b`, "a b"],
    ["a name that begins with a space", `${SHA256}   a`, " a"],
    ["a name that begins with a star", `${SHA256}  *a`, "*a"],
    ["a name that begins with a number sign", `${SHA256}  #a`, "#a"],
    ["one space, as md5 -r writes it", `${SHA256} a`, "a"],
    ["a tab", `${SHA256}\ta b`, "a b"],
    ["white space before it", `  ${SHA256}  a`, "a"],
    ["an escaped newline", `\\${SHA256}  a\\nb`, "a\nb"],
    ["an escaped carriage return", `\\${SHA256}  a\\rb`, "a\rb"],
    ["an escaped backslash before an n", `\\${SHA256}  a\\\\nb`, "a\\nb"],
    ["a backslash without the mark, as it is", `${SHA256}  a\\nb`, "a\\nb"],
    ["other scripts", `${SHA256}  записи/通话😀.wav`, "записи/通话😀.wav"],
  ])("reads %s", (_, line, path) => expect(pathsOf(line)).toEqual([path]));

  it("gives digests in lower case", () => {
    expect(parse(`${SHA256.toUpperCase()}  a`).files[0]?.digests).toEqual([{ algorithm: "sha256", hex: SHA256 }]);
  });

  it("leaves out comments and blank lines, and counts them", () => {
    expect(parse("# made by hand", "", "   ", `${SHA256}  a`).files[0]?.lineNumber).toBe(4);
  });

  it("reads the last line without its end, lines that end in CR LF, and a byte order mark", () => {
    const bytes = Buffer.from(`\ufeff${SHA256}  a\r\n${MD5}  b\r\n${SHA1}  c`);
    expect(parseChecksumList(bytes).files.map(({ path }) => path)).toEqual(["a", "b", "c"]);
  });
});

describe("tagged lines", () => {
  it.each([
    ["BSD", `SHA256 (a b) = ${SHA256}`, "a b", "sha256"],
    ["openssl 3", `SHA2-256(a b)= ${SHA256}`, "a b", "sha256"],
    ["openssl 1", `SHA512(a)= ${SHA512}`, "a", "sha512"],
    ["a name with the sign in it", `MD5 (p) = q) = ${MD5}`, "p) = q", "md5"],
    ["a name that looks like a line", `MD5 (a) = ${MD5}) = ${MD5}`, `a) = ${MD5}`, "md5"],
    ["an escaped name", `\\SHA1 (a\\nb) = ${SHA1}`, "a\nb", "sha1"],
    ["a dash in the algorithm", `SHA-384 (a) = ${SHA384}`, "a", "sha384"],
  ])("reads %s", (_, line, path, algorithm) => {
    expect(parse(line).files).toMatchObject([{ path, digests: [{ algorithm }] }]);
  });

  it("names algorithms that are not computed here, and keeps the file without a digest", () => {
    const { files, problems, unknownAlgorithms } = parse(`BLAKE2b (a) = ${SHA512}`, `RMD160 (a) = ${SHA1}`);
    expect(files.map(({ digests }) => digests)).toEqual([[], []]);
    expect({ problems, unknownAlgorithms }).toEqual({ problems: [], unknownAlgorithms: ["BLAKE2b", "RMD160"] });
  });

  it("stands among others", () => {
    expect(pathsOf(`SHA256 (a) = ${SHA256}`, `${MD5}  b`, `SHA2-256(c)= ${SHA256}`)).toEqual(["a", "b", "c"]);
  });
});

describe("lines that cannot be read", () => {
  it.each([
    ["words", "this is no list"],
    ["a digest of no known length", `${SHA256.slice(1)}  a`],
    ["a digest alone", SHA256],
    ["a digest without a name", `${SHA256}  `],
    ["a digit that is none", `${SHA256.slice(1)}g  a`],
    ["a digest of another length than its tag", `SHA256 (a) = ${MD5}`],
    ["a backslash that escapes nothing", `\\${SHA256}  a\\tb`],
    ["a backslash at the end", `\\${SHA256}  a\\`],
    ["a NUL in the name", `${SHA256}  a\0b`],
  ])("tells of %s, with its number", (_, line) => {
    const { files, problems } = parse(`${SHA256}  a`, line, `${SHA256}  b`);
    expect(files.map(({ path }) => path)).toEqual(["a", "b"]);
    expect(problems).toEqual([{ lineNumber: 2, reason: expect.any(String) }]);
  });

  it("tells of a name that is no UTF-8, and of that line alone", () => {
    const bad = Buffer.concat([Buffer.from(`${SHA256}  a\n${SHA256}  b`), Buffer.from([0xe9]), Buffer.from("\n")]);
    const { files, problems } = parseChecksumList(bad);
    expect(files.map(({ path }) => path)).toEqual(["a"]);
    expect(problems).toEqual([{ lineNumber: 2, reason: "holds bytes that are not UTF-8" }]);
  });

  it("takes a name with U+FFFD for what it is where all is UTF-8", () => {
    expect(pathsOf(`${SHA256}  a\ufffd`)).toEqual(["a\ufffd"]);
  });
});

describe("files of hashdeep", () => {
  const HEAD = ["%%%% HASHDEEP-1.0", "%%%% size,md5,sha256,filename", "## Invoked from: /root", "## $ hashdeep -r ."];

  it("reads sizes, digests, and names with commas", () => {
    expect(parse(...HEAD, `1,${MD5},${SHA256},/calls/a,b.wav`).files).toEqual([
      {
        lineNumber: 5,
        path: "/calls/a,b.wav",
        digests: [
          { algorithm: "md5", hex: MD5 },
          { algorithm: "sha256", hex: SHA256 },
        ],
        sizeBytes: 1,
      },
    ]);
  });

  it("leaves out columns that are not computed here", () => {
    const tiger = `${MD5}${MD5.slice(0, 16)}`;
    const { files, unknownAlgorithms } = parse(
      "%%%% HASHDEEP-1.0",
      "%%%% size,tiger,sha1,whirlpool,filename",
      `1,${tiger},${SHA1},${SHA512},a`,
    );
    expect(files).toMatchObject([{ path: "a", digests: [{ algorithm: "sha1", hex: SHA1 }] }]);
    expect(unknownAlgorithms).toEqual(["tiger", "whirlpool"]);
  });

  it.each([
    ["too few columns", `1,${MD5},a`],
    ["a size that is none", `one,${MD5},${SHA256},a`],
    ["a size beyond all files", `99999999999999999999,${MD5},${SHA256},a`],
    ["a digest of another length", `1,${SHA1},${SHA256},a`],
    ["no name", `1,${MD5},${SHA256},`],
    ["other columns", "%%%% md5,filename"],
  ])("tells of %s", (_, line) => {
    const { files, problems } = parse(...HEAD, line);
    expect(files).toEqual([]);
    expect(problems).toMatchObject([{ lineNumber: 5 }]);
  });

  it("tells of rows before their columns and of another version", () => {
    expect(parse("%%%% HASHDEEP-2.0", `1,${MD5},a`).problems).toHaveLength(2);
  });
});
