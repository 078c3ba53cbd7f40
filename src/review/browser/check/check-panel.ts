import { element } from "../element.ts";
import { toGroupedDigits, toMagnitudeWords } from "../measure-words.ts";
import type { CheckProgress } from "./check-messages.ts";

/** What a sentence of the panel means to the person. */
export type Tone = "plain" | "good" | "bad";

const EXPLANATION = [
  "When the package was made, a checksum (SHA-256) of every file was written into it. This page can compute the checksums anew and compare them, which shows what was changed, added or taken away since.",
  "The files are only read, on this computer: nothing is sent anywhere, although the browser may call it an upload.",
];

/** A quarter of the way is told to a person who hears the page, and no smaller step. */
const TOLD_STEPS = 4;

/** The part of the page in which a package is checked, as a person meets it. */
export class CheckPanel {
  readonly zone = element("div", { className: "drop-zone" });
  readonly choose = element("button", { type: "button" }, "Choose the package’s folder…");
  /** Takes the folder: the button opens its dialogue, and what is dropped falls on it. */
  readonly input = element("input", {
    ...{ type: "file", webkitdirectory: true, multiple: true, hidden: true, className: "drop-target" },
    ariaLabel: "The package’s folder",
  });
  readonly cancel = element("button", { type: "button" }, "Cancel");
  readonly #running = element("div", { className: "running", hidden: true });
  readonly #bar = element("progress", { ariaLabel: "Files checked", max: 1, value: 0 });
  readonly #figures = element("p", { className: "figures" });
  readonly #status = element("p", { className: "verdict" });
  readonly #outcome = element("div", { className: "outcome" });
  #toldSteps = 0;

  constructor(section: HTMLElement) {
    const title = element("h2", { id: "check-title" }, "Check this package");
    section.setAttribute("aria-labelledby", title.id);
    this.#status.setAttribute("role", "status");
    this.zone.append(element("p", {}, "Drop the package’s folder on this page, or"), this.choose, this.input);
    this.#running.append(this.#bar, this.#figures, this.cancel);
    const explanation = EXPLANATION.map((sentence) => element("p", {}, sentence));
    section.replaceChildren(title, ...explanation, this.zone, this.#running, this.#status, this.#outcome);
  }

  /** Shows that a check is under way, and nothing of an earlier one. */
  showStart(words: string): void {
    this.#outcome.replaceChildren();
    this.#bar.removeAttribute("value");
    this.#figures.textContent = "";
    this.#toldSteps = 0;
    this.say(words, "plain");
    this.#setRunning(true);
    this.cancel.focus();
  }

  /** Shows how far a check is. */
  showProgress({ files, ofFiles, bytes, ofBytes }: CheckProgress, elapsedMs: number): void {
    const part = ofBytes === 0 ? 1 : bytes / ofBytes;
    this.#bar.value = part;
    const ofAll = `${toGroupedDigits(files)} of ${toGroupedDigits(ofFiles)} files, ${toMagnitudeWords(bytes)} of ${toMagnitudeWords(ofBytes)}`;
    this.#figures.textContent = `${ofAll}, ${toMagnitudeWords(bytes / (elapsedMs / 1000))} a second`;
    const steps = Math.floor(part * TOLD_STEPS);
    if (steps === this.#toldSteps || steps === TOLD_STEPS) return;
    this.#toldSteps = steps;
    this.say(`Checking: ${Math.round((100 * steps) / TOLD_STEPS)} % is done.`, "plain");
  }

  /** Shows how a check ended. */
  showEnd(tone: Tone, words: string, ...details: readonly Node[]): void {
    const hadFocus = this.#running.contains(document.activeElement);
    this.#setRunning(false);
    if (hadFocus) this.choose.focus();
    this.say(words, tone);
    this.#outcome.replaceChildren(...details);
  }

  /** Shows a sentence, which a screen reader reads out. */
  say(words: string, tone: Tone): void {
    this.#status.className = `verdict ${tone}`;
    this.#status.textContent = words;
  }

  #setRunning(isRunning: boolean): void {
    this.#running.hidden = !isRunning;
    this.zone.hidden = isRunning;
  }
}
