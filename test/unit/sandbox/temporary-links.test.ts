import { expect, it } from "vitest";
import { TemporaryLinks } from "../../../src/sandbox/temporary-links.ts";

const DAY_MS = 86_400_000;

it("keeps a link good for 24 hours and no longer", () => {
  let nowMs = 1000;
  const links = new TemporaryLinks({ now: () => nowMs });
  const token = links.issue("rec_1");
  nowMs += DAY_MS - 1;
  expect(links.tryRedeem(token)).toBe("rec_1");
  nowMs += 1;
  expect(links.tryRedeem(token)).toBeUndefined();
});

it("gives every link a token of its own and knows no others", () => {
  const links = new TemporaryLinks({ now: () => 0 });
  const tokens = [links.issue("rec_1"), links.issue("rec_1")];
  expect(new Set(tokens).size).toBe(2);
  expect(links.tryRedeem("guess")).toBeUndefined();
});
