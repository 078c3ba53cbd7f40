import { basename, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { toPackageName } from "../../../src/export/package-name.ts";
import { NASTY_TEXTS } from "../../helpers/sample-package.ts";

const CASES = [
  ...NASTY_TEXTS,
  ...[
    "..",
    ".",
    "...",
    "~",
    "~root",
    "-rf",
    "--",
    "CON",
    "com1.txt",
    "a/../../b",
    "/etc",
    "C:\\x",
    "x.",
    " x ",
    "%2e%2e",
    "100 %",
  ],
  ...["\u202e", "\u0000", "\u001b[2J", "𝕏".repeat(100), "é".repeat(200), "a".repeat(300)],
];

test.each(CASES)("the name of a case becomes one visible part of a path, on any disk: %j", (text) => {
  const name = toPackageName(text);
  expect(basename(join("/out", name))).toBe(name);
  expect(resolve("/out", name)).toBe(`/out/${name}`);
  expect(name).not.toMatch(/^[.~-]|[. ]$|[%<>:"/\\|?*]|[\p{C}\p{Zl}\p{Zp}]/u);
  expect(name).not.toMatch(/^(?:con|com1)(?:\.|$)/i);
  expect(Buffer.byteLength(`.${name}.0123456789ab-4194304.01234567.part`)).toBeLessThanOrEqual(255);
});

test("names of cases that a reader knows are left as they are", () => {
  expect(["Doe v. Roe", "2026-114 Müller ./. Beispiel", "#7"].map(toPackageName)).toEqual([
    "Doe v. Roe",
    "2026-114 Müller .+2F. Beispiel",
    "#7",
  ]);
});
