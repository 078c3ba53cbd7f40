import { setFlagsFromString } from "node:v8";

/** V8's own choice is 300 where collecting is quick; at 10 a fetch spends a sixth of its time on it. */
const GROWTH_PERCENT = 50;

/**
 * Has V8 collect garbage when a heap has grown by half, in all threads, also those to come. By itself it lets a heap grow to
 * four times of what lives there, so that a run takes the more memory the longer it goes on.
 */
export function boundGarbage(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
