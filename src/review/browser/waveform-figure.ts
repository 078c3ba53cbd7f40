import type { Waveform } from "../../core/packaged-recording.ts";
import { element } from "./element.ts";

const SVG = "http://www.w3.org/2000/svg";
/** In units of the drawing, in which a stretch of time is one wide. */
const ROW_HEIGHT = 40;
const BAR_WIDTH = 0.75;
const LEAST_HEIGHT = 1;
const LOUDEST = 255;

const BASES: Readonly<Record<Waveform["basis"], string>> = {
  samples: "Loudness over time, drawn from the samples.",
  "coded-gain": "Loudness over time, drawn from the encoder's gains, not from samples.",
};

/** A drawing of how loud a recording is, and the means to show how far it has been played. */
export interface WaveformFigure {
  readonly figure: HTMLElement;
  /** @param fraction - Of the whole length, from 0 to 1. */
  readonly showPlayed: (fraction: number) => void;
}

/**
 * Draws a waveform. It is an ornament of the player below it, whose own controls seek by keyboard and are read out; with a
 * pointer, clicking into it seeks too.
 */
export function toWaveformFigure({ channels, basis }: Waveform, onSeek: (fraction: number) => void): WaveformFigure {
  const rows = channels.map(toLoudness);
  const width = Math.max(1, ...rows.map(({ length }) => length));
  const drawing = draw("svg", { viewBox: `0 0 ${width} ${ROW_HEIGHT * rows.length}`, preserveAspectRatio: "none" });
  drawing.setAttribute("class", "waveform");
  drawing.setAttribute("aria-hidden", "true");
  const played = draw("rect", { x: "0", y: "0", width: "0", height: "100%" });
  const clip = draw("clipPath", { id: "played" });
  clip.append(played);
  const bars = rows.map(toBars).join("");
  drawing.append(
    clip,
    draw("path", { d: bars }),
    draw("path", { d: bars, class: "played", "clip-path": "url(#played)" }),
  );
  drawing.addEventListener("click", ({ clientX }) => {
    const { left, width: shownWidth } = drawing.getBoundingClientRect();
    onSeek(Math.min(1, Math.max(0, (clientX - left) / shownWidth)));
  });
  const told = rows.length > 1 ? `${BASES[basis]} Above the first channel, below the second.` : BASES[basis];
  const figure = element("figure", {}, element("figcaption", {}, told));
  figure.prepend(drawing);
  return { figure, showPlayed: (fraction) => played.setAttribute("width", String(fraction * width)) };
}

function toLoudness(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function toBars(loudness: Uint8Array, row: number): string {
  const middle = ROW_HEIGHT * (row + 0.5);
  return Array.from(loudness, (value, at) => {
    const height = Math.max(LEAST_HEIGHT, (value / LOUDEST) * ROW_HEIGHT * 0.95);
    return `M${at} ${(middle - height / 2).toFixed(1)}h${BAR_WIDTH}v${height.toFixed(1)}h-${BAR_WIDTH}z`;
  }).join("");
}

function draw(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const drawn = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) drawn.setAttribute(key, value);
  return drawn;
}
