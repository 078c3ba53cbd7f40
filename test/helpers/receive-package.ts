import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ran } from "./run-holdfast.ts";

/*
 * What a receiver does with a package who has standard programs and nothing of ours.
 */

const PROGRAMS = ["sh", "sha256sum", "ssh-keygen", "openssl", "python3", "xmllint", "unzip", "tar"];

/** Why what needs other programs is skipped; empty when it is not. */
export const NO_PROGRAMS = PROGRAMS.filter((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0)
  .map((name) => ` (skipped: there is no ${name})`)
  .join("");

/** Runs a script of the shell in a folder. */
export function runShell(cwd: string, script: string): Ran {
  return run(cwd, "sh", ["-c", script]);
}

/** Runs a program in a folder. */
export function run(cwd: string, program: string, args: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

/** Gives the commands that the package's README tells a receiver to type, in their order, but for our own program. */
export function readCommands(root: string): readonly string[] {
  const text = readFileSync(join(root, "README.txt"), "utf8").replaceAll("\r\n", "\n").replaceAll("\\\n", "");
  const lines = text.split("\n").filter((line) => /^ {4}(?:sha256sum|ssh-keygen|openssl)\b/.test(line));
  return lines.map((line) => line.trim().replace(/ {2,}/g, " "));
}

const READ_LOAD_FILE = `
import csv, json, sys
path = sys.argv[1]
text = open(path, encoding="utf-8-sig", newline="").read()
if path.endswith(".csv"):
    rows = list(csv.reader(text.splitlines(keepends=True)))
else:
    rows = [line[1:-1].split("\\u00fe\\u0014\\u00fe") for line in text.removesuffix("\\r\\n").split("\\r\\n")]
assert all(len(row) == len(rows[0]) for row in rows), "rows of several lengths"
print(json.dumps([dict(zip(rows[0], row)) for row in rows[1:]]))
`;

/** Reads a load file with a few lines of Python, as somebody else's program does. */
export function readRows(path: string): readonly Readonly<Record<string, string>>[] {
  const { code, stdout, stderr } = run(".", "python3", ["-c", READ_LOAD_FILE, path]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The schema of the Library of Congress, which is not of this project; xlink.xsd stands beside it. */
const { PREMIS_XSD } = process.env;

/** Has xmllint read the preservation metadata, by the schema as well where PREMIS_XSD names it. */
export function checkPremis(root: string): Ran {
  const schema = PREMIS_XSD === undefined ? [] : ["--schema", PREMIS_XSD];
  return run(root, "xmllint", ["--noout", "--nonet", ...schema, "data/premis.xml"]);
}

/** Runs the script of the page on custody. */
export function checkCustody(root: string): string {
  const page = readFileSync(join(import.meta.dirname, "../../docs/custody.md"), "utf8");
  const [, script = ""] = /```python\n(.*?)```/s.exec(page) ?? [];
  const { stdout, stderr } = run(root, "python3", ["-c", script]);
  return `${stdout}${stderr}`.trim();
}
