import { mountCheck } from "./check/mount-check.ts";
import { showDetail } from "./detail-pane.ts";
import { element } from "./element.ts";
import { findElement } from "./find-element.ts";
import { showPageHead } from "./page-head.ts";
import { readDetail, readFacts, readListed, readRemoved } from "./read-data.ts";
import { toSearchable } from "./recording-filter.ts";
import { RecordingList } from "./recording-list.ts";
import { showRemoved } from "./removed-list.ts";

const facts = readFacts();
const removed = readRemoved();
const recordings = readListed().map(toSearchable);
showPageHead(facts, removed.length);
mountCheck(findElement("check"), {
  manifestSha256: facts.manifestSha256,
  signed: facts.signature,
  stamped: facts.timeStamp,
  case: facts.case,
});
showRemoved(findElement("removed"), removed);
const pane = findElement("detail");
const list = new RecordingList(recordings);
findElement("recordings").hidden = false;
addEventListener("hashchange", () => showNamed());
showNamed();

/** Shows the recording that the address names; one that the package does not have changes nothing. */
function showNamed(): void {
  const wanted = readFragment();
  const recording = recordings.find(({ controlNumber }) => controlNumber === wanted);
  if (recording === undefined) return;
  const { controlNumber, familyFirst, index } = recording;
  const legs = recordings.filter((other) => other.familyFirst === familyFirst && other !== recording);
  const otherLegs = legs.map((leg) => leg.controlNumber);
  showDetail(pane, { recording, detail: readDetail(index), otherLegs });
  list.select(controlNumber);
  pane.prepend(toTurners());
  pane.scrollTo(0, 0);
  pane.focus({ preventScroll: true });
  pane.scrollIntoView({ block: "nearest" });
}

function toTurners(): HTMLElement {
  const back = element("button", { type: "button", className: "back" }, "Back to the list");
  back.addEventListener("click", () => list.focusSelected());
  return element("nav", { ariaLabel: "Other recordings" }, back, toTurner("Previous", -1), toTurner("Next", 1));
}

function toTurner(label: string, distance: 1 | -1): HTMLElement {
  const button = element("button", { type: "button", disabled: list.findNeighbour(distance) === undefined }, label);
  button.addEventListener("click", () => {
    const neighbour = list.findNeighbour(distance);
    if (neighbour !== undefined) location.hash = encodeURIComponent(neighbour);
  });
  return button;
}

/** A fragment that is no text names nothing. */
function readFragment(): string | undefined {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return undefined;
  }
}
