import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { toErrorExitCode } from "../../../src/cli/exit-codes.ts";
import { parseCommandLine } from "../../../src/cli/parse-command-line.ts";

/** What the command line is refused with, and the exit code that this gives. */
async function refuse(args: readonly string[]) {
  const error: unknown = await parseCommandLine(["convert", ...args], COMMANDS).catch((reason: unknown) => reason);
  return { code: toErrorExitCode(error), message: error instanceof Error ? error.message : "" };
}

describe("what cannot be is refused before anything is done, and what can be is named", () => {
  test.each([
    ["no format", [], /--to is missing/],
    ["a format that is none", ["--to", "mp4"], /choose of mp3, wav, opus|choose of wav, mp3, opus/],
    ["a rate that mp3 has not", ["--to", "mp3", "--sample-rate", "48000"], /16000, 8000/],
    ["a rate that one of two has not", ["--to", "opus,mp3", "--sample-rate", "48000"], /mp3 .*16000, 8000/],
    ["a rate that is not offered", ["--to", "opus", "--sample-rate", "44100"], /16000, 8000, 48000/],
    ["a bitrate of wav", ["--to", "wav", "--bitrate", "64"], /256 kbps/],
    ["a bitrate of opus", ["--to", "opus", "--bitrate", "300"], /6 to 256/],
    ["a bitrate of mp3", ["--to", "mp3", "--bitrate", "65"], /64, 80/],
    ["more channels than two", ["--to", "mp3", "--channels", "3"], /1 or 2/],
    ["one party in two channels", ["--to", "mp3", "--channels", "2", "--participant", "caller"], /one channel/],
    ["a party that is none", ["--to", "mp3", "--participant", "agent"], /all, caller, callee/],
    ["a side that is none", ["--to", "mp3", "--caller-channel", "middle"], /left.*right/],
    ["an effort that is none", ["--to", "mp3", "--effort", "most"], /fast, default, best/],
    ["a policy that is none", ["--to", "mp3", "--lossy", "never"], /allow, refuse/],
    ["a check that is none", ["--to", "mp3", "--verify", "shallow"], /structure, deep/],
    ["a conflict that is none", ["--to", "mp3", "--on-conflict", "ask"], /skip, replace, fail/],
    ["something to make beside something to make again", ["--reproduce", "r.json"], /from the record alone/],
  ])("%s", async (_, args, message) => {
    expect(await refuse(["x.wav", ...args])).toEqual({ code: 2, message: expect.stringMatching(message) });
  });

  test.each([["--to", "mp3"], ["--effort", "best"], ["--lossy", "allow"], ["--out", "o"], ["--cbr"], ["--dry-run"]])(
    "settings beside --reproduce: %s",
    async (...flag) => {
      const message = expect.stringMatching(/from the record alone/);
      expect(await refuse(["--reproduce", "r.json", ...flag])).toEqual({ code: 2, message });
    },
  );

  test.each(["--out", "--on-conflict"])("%s without inputs, which belongs to the archive", async (flag) => {
    const message = expect.stringContaining(`${flag} goes with inputs`);
    expect(await refuse(["--to", "mp3", flag, flag === "--out" ? "o" : "skip"])).toEqual({ code: 2, message });
  });
});
