import { SingleBar } from "cli-progress";
import type { Clock } from "../core/clock.ts";
import type { RunEvent } from "../core/run-log.ts";
import type { Output } from "./terminal.ts";
import { toByteWords } from "./wording.ts";

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
  return isBar ? startBar(output, verb) : startLines(output, verb, clock);
}

function startBar(output: Output, verb: string): Progress {
  const bar = new SingleBar({
    format: `${verb} {bar} {value}/{total} | {size} | ETA {eta_formatted}`,
    stream: output.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  let bytes = 0;
  const onEvent = (event: RunEvent) => {
    if (event.type === "planned") {
      bar.start(event.count, 0, { size: toByteWords(0) });
    } else {
      bytes += event.bytes;
      bar.increment(1, { size: toByteWords(bytes) });
    }
  };
  return { onEvent, stop: () => bar.stop() };
}

function startLines(output: Output, verb: string, clock: Clock): Progress {
  let [total, ended, bytes, lastLineMs] = [0, 0, 0, clock.now()];
  const onEvent = (event: RunEvent) => {
    if (event.type === "planned") {
      total = event.count;
      return;
    }
    ended += 1;
    bytes += event.bytes;
    if (clock.now() - lastLineMs < LINE_EVERY_MS) return;
    lastLineMs = clock.now();
    output.note(`${verb} ${ended} of ${total}, ${toByteWords(bytes)}`);
  };
  return { onEvent, stop: () => undefined };
}
