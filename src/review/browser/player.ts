import type { ListedRecording, RecordingDetail } from "../page-data.ts";
import { element } from "./element.ts";
import { toDurationWords } from "./measure-words.ts";
import { toAddress } from "./to-address.ts";
import { toWaveformFigure, type WaveformFigure } from "./waveform-figure.ts";

/** Makes what a recording is heard with; of its two files the copy for listening is played first. */
export function toPlayer(recording: ListedRecording, detail: RecordingDetail): HTMLElement {
  const { controlNumber } = recording;
  const audio = element("audio", { controls: true, preload: "none", ariaLabel: `Recording ${controlNumber}` });
  const said = element("p", { className: "said" });
  const trouble = element("p", { className: "notice", role: "alert", hidden: true });
  const choose = (path: string) => {
    trouble.hidden = true;
    audio.src = toAddress(path);
    said.replaceChildren(...toSaid(path, detail, choose));
  };
  audio.addEventListener("error", () => {
    trouble.replaceChildren(...toTrouble(audio, recording));
    trouble.hidden = false;
  });
  choose(detail.listeningCopy?.path ?? detail.originalPath);
  const player = element("div", { className: "player" }, audio, said, trouble);
  if (detail.waveform !== null) player.prepend(toSeekable(detail.waveform, audio, recording).figure);
  return player;
}

/** Says which of the files is played, and offers the other. */
function toSaid(path: string, detail: RecordingDetail, choose: (path: string) => void): readonly (Node | string)[] {
  const { listeningCopy, originalPath } = detail;
  if (listeningCopy === null) return ["You hear the original."];
  const isOriginal = path === originalPath;
  const other = element("button", { type: "button" }, isOriginal ? "Play the copy for listening" : "Play the original");
  other.addEventListener("click", () => choose(isOriginal ? listeningCopy.path : originalPath));
  const heard = isOriginal
    ? "You hear the original. "
    : "You hear the copy for listening; the original is the evidence. ";
  return [heard, other];
}

function toTrouble(audio: HTMLAudioElement, { format, isDamaged }: ListedRecording): readonly (Node | string)[] {
  const link = element("a", { href: audio.src }, "Open the file");
  const cause = isDamaged ? "the recording is damaged, as is told below" : "the file is not where the package had it";
  const what = `This browser could not play the file: it may not know the format (${format ?? "none"}), or ${cause}. `;
  return [what, link, " with another player."];
}

function toSeekable(
  waveform: NonNullable<RecordingDetail["waveform"]>,
  audio: HTMLAudioElement,
  { durationSeconds }: ListedRecording,
): WaveformFigure {
  // The browser knows the length only once it has begun to read.
  const toLength = () => (Number.isFinite(audio.duration) ? audio.duration : (durationSeconds ?? 0));
  const drawn = toWaveformFigure(waveform, (fraction) => {
    audio.currentTime = fraction * toLength();
  });
  const showPlayed = () => drawn.showPlayed(toLength() === 0 ? 0 : audio.currentTime / toLength());
  for (const event of ["timeupdate", "seeking", "emptied"]) audio.addEventListener(event, showPlayed);
  const scale = [0, 0.5, 1].map((part) => element("span", {}, toDurationWords(part * (durationSeconds ?? 0))));
  drawn.figure.firstElementChild?.after(element("div", { className: "scale", ariaHidden: "true" }, ...scale));
  return drawn;
}
