import { createHash } from "node:crypto";
import { appendFile, mkdir, open, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { describe, expect, test } from "vitest";
import { checkDropped, checkPicked, dropFiles, readVerdict } from "../helpers/check-panel.ts";
import { HAS_BROWSER, NO_BROWSER } from "../helpers/open-in-browser.ts";
import { type OpenedPage, openPage } from "../helpers/open-page.ts";
import { makeReviewPackage, type ReviewPackage, SEALS } from "../helpers/review-package.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const FILES = { "data/originals/a.wav": "first", "data/originals/b.wav": "second", "data/empty.txt": "" };
const AS_LISTED = "as listed";
/** Those of the package that no manifest can list. */
const APART = ["tagmanifest-sha256.txt", "tagmanifest-sha512.txt"];
/** What the manifests of such a package list beside its payload. */
const TAG_FILES = ["README.txt", "bagit.txt", "manifest-sha256.txt", "manifest-sha512.txt", "review/index.html"];
const ALL_GOOD = { isGood: true, words: "All 8 files that the manifests list are as they say." };

interface Opened extends OpenedPage {
  readonly root: string;
}

/** Makes a package in a folder of its own and opens its page. */
async function openPackage(made: ReviewPackage = {}): Promise<Opened> {
  const root = join(await makeTemporaryFolder(), "CASE");
  await mkdir(root);
  const path = await makeReviewPackage(root, { files: FILES, ...made });
  return { ...(await openPage(path)), root };
}

function toSha256(bytes: string | Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe.skipIf(!HAS_BROWSER)(
  `a package is checked in its page${HAS_BROWSER ? "" : `; skipped: ${NO_BROWSER}`}`,
  () => {
    test("a clean one passes, chosen or dropped, and what was not checked is named", async () => {
      const { page, root, requests, messages } = await openPackage();
      const picked = await checkPicked(page, root);
      expect(picked).toMatchObject(ALL_GOOD);
      expect(picked.rows).toEqual([
        ...APART.map((path) => ["there, not checked: no list can hold it", path]),
        ...[...Object.keys(FILES), ...TAG_FILES].toSorted().map((path) => [AS_LISTED, path]),
      ]);
      expect(picked.details).toContain("There is no signature to check");
      expect(picked.details).toContain("manifest-sha512.txt and tagmanifest-sha512.txt were not computed");
      expect(picked.details).toContain(toSha256(await readFile(join(root, "tagmanifest-sha256.txt"))));
      expect(await checkDropped(page, root)).toEqual(picked);
      expect({ requests, messages }).toEqual({ requests: [], messages: [] });
    });

    test("a flipped byte, a missing and an added file are found by name, worst first", async () => {
      const { page, root } = await openPackage();
      await writeFile(join(root, "data/originals/a.wav"), "fjrst");
      await rm(join(root, "data/originals/b.wav"));
      await writeFile(join(root, "data/planted.wav"), "planted");
      await writeFile(join(root, "desktop.ini"), "");
      for (const { isGood, words, rows } of [await checkPicked(page, root), await checkDropped(page, root)]) {
        expect({ isGood, words }).toEqual({
          isGood: false,
          words: "This package is not as it should be: 1 file changed, 1 missing, 2 added. 6 files are as listed.",
        });
        expect(rows.slice(0, 4)).toEqual([
          ["changed", "data/originals/a.wav"],
          ["missing", "data/originals/b.wav"],
          ["added: in no list", "data/planted.wav"],
          [expect.stringContaining("added: in no list: files of this name are often made"), "desktop.ini"],
        ]);
      }
    });

    test("who changes a file and all manifests with it is found by the page's own digest of the first", async () => {
      const { page, root } = await openPackage();
      const other = join(await makeTemporaryFolder(), "CASE");
      await makeReviewPackage(other, { files: { ...FILES, "data/originals/a.wav": "other" } });
      const { rows, isGood } = await checkPicked(page, other);
      expect(isGood).toBe(false);
      expect(rows.filter(([result]) => result?.startsWith("changed"))).toEqual([
        ["changed: it is not the list that this page was made with", "manifest-sha256.txt"],
      ]);
      expect(await checkPicked(page, root)).toMatchObject(ALL_GOOD);
    });

    test("names stay what they are: encoded, in another normal form, hostile, more than a listing gives at once", async () => {
      const many = Array.from({ length: 230 }, (_, index) => `data/originals/0001/${index}.wav`);
      const odd = [
        "100%25 #1?.wav",
        "two\nlines.wav",
        " spaces .wav",
        "<img src=x onerror=alert(1)>.wav",
        "x\u202ey.wav",
      ];
      const names = [...many, ...odd.map((name) => `data/originals/${name}`)];
      const files = Object.fromEntries(names.map((name) => [name, name]));
      const root = join(await makeTemporaryFolder(), "CASE");
      // What a system that keeps names decomposed gives back for "Müller".
      const decomposed = "data/originals/Mu\u0308ller.wav";
      const path = await makeReviewPackage(root, {
        files: { ...files, [decomposed]: "m" },
        toManifest: (text) => text.normalize("NFC"),
      });
      const { page, messages } = await openPage(path);
      const dropped = await checkDropped(page, root);
      expect(dropped).toMatchObject({
        isGood: true,
        words: `All ${names.length + 1 + TAG_FILES.length} files that the manifests list are as they say.`,
      });
      const shown = dropped.rows.map(([, name]) => name);
      expect(shown).toContain("data/originals/twoU+000Alines.wav");
      expect(shown).toContain("data/originals/xU+202Ey.wav");
      expect(shown).toContain("data/originals/<img src=x onerror=alert(1)>.wav");
      expect(messages).toEqual([]);
    });

    test("what a manifest names outside the package is shown, and never followed", async () => {
      const { page, root } = await openPackage();
      await writeFile(join(dirname(root), "outside.txt"), "outside");
      const hostile = ["../outside.txt", "/etc/passwd", "data/../../outside.txt", "C:\\outside.txt"];
      const lines = hostile.map((path) => `${toSha256("outside")}  ${path}\n`);
      await appendFile(join(root, "manifest-sha256.txt"), `${lines.join("")}no line at all\n`);
      const { rows, isGood, details } = await checkPicked(page, dirname(root));
      expect(isGood).toBe(false);
      const missing = rows.filter(([result]) => result?.startsWith("missing"));
      expect(missing.map(([, path]) => path)).toEqual(hostile.toSorted());
      expect(missing[0]?.[0]).toBe("missing: the list names a place outside the package, which was not looked at");
      expect(details).toContain("manifest-sha256.txt has lines that are no checksum and path: 8.");
      expect(details).toContain("/CASE. 1 file outside it was not looked at.");
    });

    test("nothing is called good where nothing was checked", async () => {
      const { page, root } = await openPackage();
      const nothing = await makeTemporaryFolder();
      await writeFile(join(nothing, "letter.txt"), "no package");
      const wrong = await checkPicked(page, nothing);
      expect(wrong.isGood).toBe(false);
      expect(wrong.words).toContain("Nothing was checked. There is no manifest-sha256.txt in what was chosen.");
      await writeFile(join(nothing, "CASE.zip"), "PK");
      expect((await checkDropped(page, join(nothing, "CASE.zip"))).words).toContain("Unpack it first");
      expect((await checkDropped(page, root, join(nothing, "letter.txt"))).words).toContain(
        "Drop the package’s folder itself",
      );
      await writeFile(join(root, "manifest-sha256.txt"), "");
      const empty = await checkPicked(page, root);
      expect(empty.isGood).toBe(false);
      expect(empty.details).toContain(
        "manifest-sha256.txt lists no files, so none of the recordings could be checked.",
      );
      await rm(join(root, "manifest-sha256.txt"));
      const without = await checkPicked(page, root);
      expect(without).toMatchObject({ isGood: false, rows: [] });
      expect(without.words).toContain("manifest-sha256.txt is missing from the package");
    });

    test("without its tag manifest a package is not good, and what that leaves unchecked is named", async () => {
      const { page, root } = await openPackage();
      await rm(join(root, "tagmanifest-sha256.txt"));
      const { isGood, rows, details } = await checkPicked(page, root);
      expect(isGood).toBe(false);
      expect(details).toContain("tagmanifest-sha256.txt is missing, so the files outside the folder data could not be");
      expect(details).toContain("not known, for it could not be read");
      const byResult = (result: string) => rows.filter(([said]) => said === result).map(([, path]) => path);
      expect(byResult("not checked")).toEqual(TAG_FILES.filter((path) => path !== "manifest-sha256.txt"));
      expect(byResult(AS_LISTED)).toEqual([...Object.keys(FILES), "manifest-sha256.txt"].toSorted());
    });

    test("a signature and a time stamp that the page tells of must be there, and others are added files", async () => {
      const sealed = await openPackage({ isSealed: true });
      const gone = await checkPicked(sealed.page, sealed.root);
      expect(gone.rows.filter(([result]) => result?.startsWith("missing")).map(([, path]) => path)).toEqual([
        SEALS.signature.file,
        SEALS.timeStamp.file,
      ]);
      for (const { file } of Object.values(SEALS)) await writeFile(join(sealed.root, file), "seal");
      const there = await checkPicked(sealed.page, sealed.root);
      expect(there).toMatchObject(ALL_GOOD);
      expect(there.details).toContain(`The signature, ${SEALS.signature.file}, was not checked.`);
      const plain = await openPackage();
      await writeFile(join(plain.root, SEALS.signature.file), "seal");
      expect((await checkPicked(plain.page, plain.root)).words).toBe(
        "All 8 listed files are as the manifests say, but 1 file is there that they do not list.",
      );
    });

    test("a large file is read to its end", async () => {
      const large = "data/originals/large.wav";
      const { page, root } = await openPackage({ files: { [large]: Buffer.alloc(200 * 2 ** 20) } });
      expect((await checkPicked(page, root)).isGood).toBe(true);
      const file = await open(join(root, large), "r+");
      await file.write("!", 200 * 2 ** 20 - 1);
      await file.close();
      expect((await checkPicked(page, root)).rows[0]).toEqual(["changed", large]);
    });

    test("no read is lost when garbage is collected in the middle of it", async () => {
      const names = Array.from({ length: 300 }, (_, index) => `data/originals/${index}.wav`);
      const { page, root } = await openPackage({ files: Object.fromEntries(names.map((name) => [name, name])) });
      await page.locator("#checker").evaluate((script) => {
        script.textContent += "\nsetInterval(gc, 1);";
      });
      expect((await checkPicked(page, root)).isGood).toBe(true);
    });

    test("a file that changes between being chosen and being read is not called anything but unreadable", async () => {
      const { page, root } = await openPackage();
      const input = page.locator("#check input[type=file]");
      // The page hears of the choice a second time, after the file has changed.
      await input.evaluate((element) => {
        element.addEventListener("change", (event: Event) => event.stopImmediatePropagation(), {
          once: true,
          capture: true,
        });
      });
      await input.setInputFiles(root);
      await appendFile(join(root, "data/originals/a.wav"), "more");
      await input.dispatchEvent("change");
      const { isGood, rows, words } = await readVerdict(page);
      expect({ isGood, first: rows[0] }).toEqual({
        isGood: false,
        first: ["could not be read", "data/originals/a.wav"],
      });
      expect(words).toContain("1 file not readable. 7 files are as listed.");
    });

    test("a check can be cancelled, which is no verdict, and begun anew", async () => {
      const { page, root } = await openPackage();
      const huge = join(root, "data/huge.wav");
      await writeFile(huge, "");
      await truncate(huge, 40 * 2 ** 30);
      const manifest = join(root, "manifest-sha256.txt");
      const before = await readFile(manifest);
      await appendFile(manifest, `${toSha256("")}  data/huge.wav\n`);
      await page.locator("#check input[type=file]").setInputFiles(root);
      await page.locator("#check progress[value]").waitFor();
      expect(await page.locator(":focus").textContent()).toBe("Cancel");
      await page.keyboard.press("Enter");
      const cancelled = await readVerdict(page);
      expect(cancelled).toMatchObject({ isGood: false, rows: [] });
      expect(cancelled.words).toBe("The check was cancelled: the package was not checked.");
      await rm(huge);
      await writeFile(manifest, before);
      expect(await checkPicked(page, root)).toMatchObject(ALL_GOOD);
    });

    test("the result is saved as text, each name on one line", async () => {
      const { page, root } = await openPackage();
      await writeFile(join(root, "data/a\r\nas listed | b.wav"), "added");
      await checkPicked(page, root);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save this result as text" }).click(),
      ]);
      const saved = await readFile(await download.path(), "utf8");
      expect(saved.split("\r\n")).toContain("added: in no list | data/a{U+000D}{U+000A}as listed | b.wav");
      expect(saved).toContain("1 file is there that they do not list");
    });

    test("the panel has no accessibility issue while a folder is dragged over the page and after a check, light or dark", async () => {
      const { page, root } = await openPackage();
      const findIssues = async () => {
        const { violations } = await new AxeBuilder({ page }).include("#check").analyze();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      };
      expect(await findIssues()).toEqual([]);
      await dropFiles(page, ["dragEnter"], root);
      expect(await findIssues()).toEqual([]);
      await writeFile(join(root, "data/originals/a.wav"), "fjrst");
      await checkDropped(page, root);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await findIssues()).toEqual([]);
      }
    });
  },
);
