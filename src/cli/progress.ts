import { SingleBar } from "cli-progress";
import type { Clock } from "../core/clock.ts";
import type { RunEvent } from "../core/run-log.ts";
import { ProgressMeter } from "./progress-meter.ts";
import type { Output } from "./terminal.ts";

/** How often a line is written where there is no terminal to draw a bar on. */
const LINE_EVERY_MS = 5000;

/** Shows how far a run has come: a bar on a terminal, a line now and then elsewhere, nothing with `--quiet`. */
export interface Progress {
  readonly onEvent: (event: RunEvent) => void;
  /** Ends the bar. */
  stop(): void;
}

/** Begins to show the progress of something, such as `fetched`. */
export function startProgress(output: Output, verb: string, clock: Clock): Progress {
  if (output.options.quiet) return { onEvent: () => undefined, stop: () => undefined };
  const isBar = output.stderr.isTTY === true && output.options.logFormat === "text";
  return isBar ? startBar(output, verb, clock) : startLines(output, verb, clock);
}

function startBar(output: Output, verb: string, clock: Clock): Progress {
  const bar = new SingleBar({
    format: `${verb} {bar} {value}/{total} | {details} | ETA {left}`,
    stream: output.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  const meter = new ProgressMeter(clock);
  const toPayload = () => ({ details: meter.toDetails(), left: meter.toEta() });
  const onEvent = (event: RunEvent) => {
    meter.add(event);
    if (event.type === "planned") bar.start(event.count, 0, toPayload());
    else bar.update(meter.ended, toPayload());
  };
  return { onEvent, stop: () => bar.stop() };
}

function startLines(output: Output, verb: string, clock: Clock): Progress {
  const meter = new ProgressMeter(clock);
  let lastLineMs = clock.now();
  const onEvent = (event: RunEvent) => {
    meter.add(event);
    if (event.type === "planned" || clock.now() - lastLineMs < LINE_EVERY_MS) return;
    lastLineMs = clock.now();
    output.note(`${verb} ${meter.ended} of ${meter.total}, ${meter.toDetails()}, ETA ${meter.toEta()}`);
  };
  return { onEvent, stop: () => undefined };
}
