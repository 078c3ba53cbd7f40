import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { PackagedRecording } from "../../src/core/packaged-recording.ts";
import { HAS_BROWSER, NO_BROWSER } from "../helpers/open-in-browser.ts";
import { type OpenedPage, openPage } from "../helpers/open-page.ts";
import { makeReviewPackage } from "../helpers/review-package.ts";
import { NASTY_TEXTS, sampleRecording, sampleRecordings, writeSampleFiles } from "../helpers/sample-package.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const MP3 = new URL("../../fixtures/audio/ok/", import.meta.url);

/** What somebody could put into a page that he changes. */
const PUT_IN = `document.body.append(
  Object.assign(document.createElement("script"), { text: "document.title = 'taken'" }),
  Object.assign(document.createElement("img"), { src: "http://127.0.0.1:9/" }),
)`;

/** What these tests need of an audio element. */
interface Player {
  muted: boolean;
  readonly currentTime: number;
  readonly duration: number;
  play(): Promise<void>;
  addEventListener(type: string, listener: (event: unknown) => void, options: { once: true }): void;
}

interface Opened extends OpenedPage {
  readonly root: string;
}

/** Makes a package of samples, without their files unless it is asked for, and opens its page. */
async function openPackage(recordings: readonly PackagedRecording[], withFiles = false): Promise<Opened> {
  const root = join(await makeTemporaryFolder(), "CASE");
  await mkdir(root);
  if (withFiles) await writeSampleFiles(root, recordings);
  return { ...(await openPage(await makeReviewPackage(root, { recordings }))), root };
}

/** The control numbers of the rows that are shown. */
function readRows(page: Page): Promise<readonly string[]> {
  return page.locator("#table tbody th a").allTextContents();
}

/** Chooses a recording as a link from elsewhere does. */
async function choose(page: Page, controlNumber: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(controlNumber)}`);
  await page.locator("#detail-title", { hasText: controlNumber }).waitFor();
}

/** Plays what is chosen until it goes on, and gives how far it came. */
function play(page: Page): Promise<number> {
  return page.locator("audio").evaluate(async (audio: Player) => {
    audio.muted = true;
    await audio.play();
    while (audio.currentTime === 0)
      await new Promise((resolve) => audio.addEventListener("timeupdate", resolve, { once: true }));
    return audio.currentTime;
  });
}

function readPlayed(page: Page): Promise<number> {
  return page.locator("#played rect").evaluate((rect) => Number(rect.getAttribute("width")));
}

async function findIssues(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`);
}

describe.skipIf(!HAS_BROWSER)(
  `a package is reviewed in its page${HAS_BROWSER ? "" : ` (skipped: ${NO_BROWSER})`}`,
  () => {
    test("a call is played from the disk, whatever its file is called, and the drawing follows", async () => {
      const { page, requests, messages } = await openPackage([...sampleRecordings(8)], true);
      for (const controlNumber of ["EX000001", "EX000004"]) {
        await choose(page, controlNumber);
        expect(await readPlayed(page)).toBe(0);
        expect(await play(page)).toBeGreaterThan(0);
        await expect.poll(() => readPlayed(page)).toBeGreaterThan(0);
      }
      await page.locator(".waveform").click({ position: { x: 200, y: 20 } });
      const sought = await page.locator("audio").evaluate((audio: Player) => audio.currentTime / audio.duration);
      const { width } = (await page.locator(".waveform").boundingBox()) ?? { width: 0 };
      expect(sought).toBeCloseTo(200 / width, 1);
      expect([requests, messages]).toEqual([[], []]);
    });

    test("the copy for listening is played first, an MP3 too, and the original when asked for", async () => {
      const sample = sampleRecording(1);
      const copy = {
        ...sample.original,
        path: "data/listening/EX000002.mp3",
        profile: "mp3-64k-16000",
        madeBy: "holdfast",
      };
      const { page, root } = await openPackage([{ ...sample, listeningCopy: copy }]);
      await writeSampleFiles(root, [{ ...sample, listeningCopy: undefined }]);
      await mkdir(join(root, "data/listening"));
      await copyFile(new URL("mp3-32k-8000.mp3", MP3), join(root, copy.path));
      await choose(page, "EX000002");
      expect(await page.locator(".said").innerText()).toContain("the original is the evidence");
      expect(await play(page)).toBeGreaterThan(0);
      expect(await page.locator("audio").getAttribute("src")).toBe("../data/listening/EX000002.mp3");
      await page.getByRole("button", { name: "Play the original" }).click();
      expect(await play(page)).toBeGreaterThan(0);
      expect(await page.locator("audio").getAttribute("src")).toBe("../data/originals/EX000002.wav");
    });

    test("of a file that cannot be played the page says so, and links to it", async () => {
      const { page, root } = await openPackage([...sampleRecordings(1)], true);
      const path = join(root, sampleRecording(0).original.path);
      await writeFile(path, "no audio");
      await choose(page, "EX000001");
      const trouble = page.locator(".player [role=alert]");
      expect(await trouble.isVisible()).toBe(false);
      await page.locator("audio").evaluate((audio: Player) => audio.play().catch(() => undefined));
      await trouble.waitFor();
      expect(await trouble.innerText()).toContain("could not play");
      expect(await trouble.locator("a").getAttribute("href")).toMatch(/\/data\/originals\/EX000001\.wav$/);
      await rm(path);
    });

    test("the list is searched, filtered, sorted and turned, and says how many there are", async () => {
      const { page } = await openPackage([...sampleRecordings(250)]);
      const count = page.locator("#count");
      expect(await count.innerText()).toBe("250 files shown");
      expect(await readRows(page)).toHaveLength(100);
      await page.getByRole("button", { name: "Next page" }).click();
      expect((await readRows(page))[0]).toBe("EX000101");
      await page.getByLabel("Search").fill("m\u00dcLLER, EX000013");
      expect(await readRows(page)).toEqual(["EX000013"]);
      expect(await count.innerText()).toBe("1 of 250 files shown");
      await page.getByLabel("Search").fill("nothing has this");
      expect(await page.locator("caption").innerText()).toBe("No recording is as asked for");
      await page.getByRole("button", { name: "Clear" }).click();
      expect(await count.innerText()).toBe("250 files shown");
      await page.getByLabel("Direction").selectOption("outbound");
      await page.getByLabel("To, UTC").fill("2026-01-05");
      const outbound = [1, 5, 9, 13, 17, 25, 29, 33, 37, 41, 45, 53, 57];
      expect(await readRows(page)).toEqual(outbound.map((number) => `EX${String(number).padStart(6, "0")}`));
      const began = page.getByRole("columnheader", { name: "Began, UTC" });
      await began.getByRole("button").click();
      await began.getByRole("button").click();
      expect(await began.getAttribute("aria-sort")).toBe("descending");
      expect((await readRows(page)).slice(0, 2)).toEqual(["EX000057", "EX000053"]);
    });

    test("calls stand as the package has them, their legs together, whatever their numbers, until a column is chosen", async () => {
      const legs = [...sampleRecordings(3)].map((leg, index) => ({
        ...leg,
        controlNumber: ["z", "a", "m"][index] ?? "",
        family: index === 2 ? { first: "m", last: "m" } : { first: "z", last: "a" },
      }));
      const { page } = await openPackage(legs);
      expect(await readRows(page)).toEqual(["z", "a", "m"]);
      expect(await page.locator("tr.goes-on th a").allTextContents()).toEqual(["a"]);
      await page.getByRole("button", { name: "Number" }).click();
      expect(await readRows(page)).toEqual(["a", "m", "z"]);
    });

    test("a column of the call is left out where no recording has anything for it", async () => {
      const silent = { ...sampleRecording(1), call: { from: undefined, to: undefined, direction: undefined } };
      const { page } = await openPackage([silent]);
      const heads = await page.locator("thead th").allInnerTexts();
      expect(heads).toEqual(["Number", "Began, UTC", "Length", "Format", "Evidence"]);
    });

    test("a person with a keyboard alone comes to a recording, to its player and back", async () => {
      const { page } = await openPackage([...sampleRecordings(3)]);
      await page.keyboard.press("Tab");
      expect(await page.locator(":focus").textContent()).toBe("Skip to the recordings");
      await page.keyboard.press("Enter");
      for (const id of ["search", "direction", "evidence", "state", "from"]) {
        await page.keyboard.press("Tab");
        expect(await page.locator(":focus").getAttribute("id")).toBe(id);
      }
      await page.getByRole("button", { name: "Evidence" }).focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.locator("#detail-title", { hasText: "EX000001" }).waitFor();
      expect(await page.locator(":focus").getAttribute("id")).toBe("detail");
      await page.setViewportSize({ width: 700, height: 800 });
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      expect(await page.locator(":focus").textContent()).toBe("EX000001");
      await page.getByRole("button", { name: "Next" }).press("Enter");
      await page.locator("#detail-title", { hasText: "EX000002" }).waitFor();
    });

    test("no text from outside becomes an element, runs, or hides what it is", async () => {
      const { page, requests, messages } = await openPackage([...sampleRecordings(NASTY_TEXTS.length)]);
      for (let index = 0; index < NASTY_TEXTS.length; index += 1) {
        await choose(page, sampleRecording(index).controlNumber);
      }
      expect(await page.evaluate(() => "wasHere" in globalThis)).toBe(false);
      expect(await page.locator("img, iframe, main script").count()).toBe(0);
      expect(await page.locator("tbody td.from").nth(9).innerText()).toContain("U+202E");
      expect(await page.title()).toContain("<b>GmbH</b>");
      expect([requests, messages]).toEqual([[], []]);
    });

    test("a script that somebody puts into the page does not run", async () => {
      const { page, messages } = await openPackage([...sampleRecordings(1)]);
      await page.evaluate(PUT_IN);
      expect(await page.title()).not.toBe("taken");
      expect(messages.filter((message) => message.includes("Content Security Policy")).length).toBeGreaterThan(1);
    });

    test.each(["light", "dark"] as const)(
      "axe finds nothing wrong with the list and the pane, %s",
      async (colorScheme) => {
        const { page } = await openPackage([...sampleRecordings(7)]);
        await page.emulateMedia({ colorScheme });
        await choose(page, "EX000006");
        await page.locator("#detail summary").first().click();
        expect(await findIssues(page)).toEqual([]);
      },
    );

    test("ten thousand recordings are listed, found and printed in part", async () => {
      const { page, messages } = await openPackage([...sampleRecordings(10_000)]);
      expect(await page.locator("caption").innerText()).toBe("Rows 1 to 100 of 10,000");
      await page.getByLabel("Search").fill("EX009999");
      expect(await readRows(page)).toEqual(["EX009999"]);
      await page.getByRole("link", { name: "EX009999" }).click();
      await page.locator("#detail-title", { hasText: "EX009999" }).waitFor();
      await page.getByRole("button", { name: "Clear" }).click();
      await page.evaluate('dispatchEvent(new Event("beforeprint"))');
      expect(await page.locator("tbody tr").count()).toBe(2000);
      await page.evaluate('dispatchEvent(new Event("afterprint"))');
      expect(await page.locator("tbody tr").count()).toBe(100);
      expect(messages).toEqual([]);
    });
  },
);
