import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/core/finding.ts";
import type { FixityCheck } from "../../../src/report/fixity-check.ts";
import { toPremisXml } from "../../../src/report/to-premis-xml.ts";
import { HOSTILE_NAMES } from "../../helpers/report-table.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const HAS_XMLLINT = spawnSync("xmllint", ["--version"]).status === 0;
/** The schema of the Library of Congress, which is not of this project; xlink.xsd stands beside it. */
const { PREMIS_XSD } = process.env;

const toFinding = (subject: string, detail: Finding["detail"] = {}): Finding => ({
  kind: "digest-mismatch",
  subject,
  message: `${subject} has other bytes`,
  detail,
});

function makeCheck(parts: Partial<FixityCheck> = {}): FixityCheck {
  return {
    runId: "run_1",
    startedAt: "2026-01-01T00:00:00.000Z",
    finishedAt: "2026-01-01T00:00:09.000Z",
    outcome: "fail",
    detail: ["Every byte was read."],
    notes: ["2 of 3 files are not what was recorded."],
    places: ["./archive"],
    toolVersion: "0.1.0",
    agents: [{ name: "archive.example.org", type: "hardware" }],
    findings: [],
    failures: [],
    ...parts,
  };
}

const FULL = makeCheck({
  findings: [
    toFinding("./archive/a.wav", { algorithm: "sha256", expected: "00", found: "ff" }),
    toFinding("./archive/a.wav"),
    toFinding("./archive/b.wav"),
    { kind: "location-unreachable", subject: "./archive", message: "gone", detail: {} },
  ],
  failures: [{ subject: "./archive/c.json", code: "SIDECAR_INVALID", message: "not JSON", retryable: false }],
});

const HOSTILE = makeCheck({
  runId: HOSTILE_NAMES[0],
  places: HOSTILE_NAMES,
  notes: HOSTILE_NAMES,
  detail: HOSTILE_NAMES,
  agents: HOSTILE_NAMES.map((name) => ({ name, type: "person" })),
  findings: [...HOSTILE_NAMES, "\0\u0001\u000b\u001f\u007f\u0085", "\ud800 \udfff \ufffe \uffff", "]]>", "<!--"].map(
    (name) => toFinding(name, { foundAt: name }),
  ),
  failures: HOSTILE_NAMES.map((subject) => ({ subject, code: subject, message: subject, retryable: false })),
});

const toText = (check: FixityCheck) => [...toPremisXml(check)].join("");

/** The text of all elements of a name, in their order. */
function textsOf(xml: string, element: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${element}(?: [^>]*)?>([^<]*)</${element}>`, "g"))].map(([, text = ""]) => text);
}

test("one event tells of the run, and one of each finding and failure", () => {
  const xml = toText(FULL);
  expect(textsOf(xml, "eventIdentifierValue")).toEqual([
    ...["run_1", "run_1/1", "run_1/2", "run_1/3", "run_1/4", "run_1/5"],
  ]);
  expect(new Set(textsOf(xml, "eventType"))).toEqual(new Set(["fixity check"]));
  expect(xml).toContain(`valueURI="http://id.loc.gov/vocabulary/preservation/eventType/fix"`);
  expect(textsOf(xml, "eventDateTime").slice(0, 2)).toEqual(["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:09.000Z"]);
  expect(textsOf(xml, "linkingObjectIdentifierValue")).toEqual([
    ...["./archive", "./archive/a.wav", "./archive/a.wav", "./archive/b.wav", "./archive", "./archive/c.json"],
  ]);
  expect(textsOf(xml, "eventOutcomeDetailNote")).toEqual([
    ...["2 of 3 files are not what was recorded.", "Events for exceptions follow: 5."],
    ...["./archive/a.wav has other bytes", "algorithm: sha256", "expected: 00", "found: ff"],
    ...["./archive/a.wav has other bytes", "./archive/b.wav has other bytes", "gone", "not JSON (SIDECAR_INVALID)"],
  ]);
});

test("each thing that an event is about is an object, once for findings that follow each other", () => {
  expect(textsOf(toText(FULL), "objectIdentifierValue")).toEqual([
    ...["./archive", "./archive/a.wav", "./archive/b.wav", "./archive/c.json"],
  ]);
});

test("the program, with its version, and who else had a part are agents, and every event names them", () => {
  const xml = toText(FULL);
  expect(textsOf(xml, "agentName")).toEqual(["holdfast", "archive.example.org"]);
  expect(textsOf(xml, "agentVersion")).toEqual(["0.1.0"]);
  const ofEach = textsOf(xml, "eventIdentifierValue").flatMap(() => ["holdfast", "archive.example.org"]);
  expect(textsOf(xml, "linkingAgentIdentifierValue")).toEqual(ofEach);
});

test("a success says so and has no exceptions", () => {
  const xml = toText(makeCheck({ outcome: "success" }));
  expect(textsOf(xml, "eventOutcome")).toEqual(["success"]);
  expect(textsOf(xml, "eventIdentifierValue")).toEqual(["run_1"]);
});

describe("names from outside", () => {
  test.each([
    ["a b ü.wav", "a b ü.wav"],
    ["100 %41.wav", "100 %2541.wav"],
    ["a\nb\r\tc", "a%0Ab%0D%09c"],
    ["\0\u001f\u007f\u0085", "%00%1F%7F%C2%85"],
    ["invoice\u202egpj", "invoice%E2%80%AEgpj"],
    ["\ufffe", "%EF%BF%BE"],
    ["<&>\"']]>", "&lt;&amp;&gt;&quot;']]&gt;"],
  ])("%j stands as %s", (subject, written) => {
    const xml = toText(makeCheck({ findings: [toFinding(subject)] }));
    expect(textsOf(xml, "linkingObjectIdentifierValue").at(-1)).toBe(written);
  });

  test("become no markup, and nothing is left that XML cannot hold", () => {
    const xml = toText(HOSTILE);
    const tags = (text: string) => new Set(text.match(/<\/?[a-zA-Z]+/g));
    expect(tags(xml)).toEqual(tags(toText(FULL)));
    expect(xml.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\p{Cs}|\p{Noncharacter_Code_Point}/u);
  });
});

describe.skipIf(!HAS_XMLLINT)("another program's reader (skipped where there is no xmllint)", () => {
  test.each([
    ["a full report", FULL],
    ["a success", makeCheck({ outcome: "success" })],
    ["hostile names", HOSTILE],
  ])("takes %s, by the schema as well where PREMIS_XSD names it", async (_, check) => {
    const path = join(await makeTemporaryFolder(), "report.xml");
    await writeFile(path, toText(check));
    const schema = PREMIS_XSD === undefined ? [] : ["--schema", PREMIS_XSD];
    const { status, stderr } = spawnSync("xmllint", ["--noout", "--nonet", ...schema, path], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, PREMIS_XSD === undefined ? "" : `${path} validates\n`]);
  });
});
