import { expect, test } from "vitest";
import { toProfile } from "../../../src/core/profile.ts";
import { toConvertArguments } from "../../../src/ffmpeg/arguments.ts";

test("one decode, every target, nothing that another file could sneak in by", () => {
  const args = toConvertArguments({ path: "/in/-a.wav", format: "wav" }, [
    { path: "/out/a.part", profile: toProfile("mp3") },
    { path: "/out/b.part", profile: toProfile("opus", { sampleRateHz: 48000, channels: 2 }) },
  ]);
  expect(args.join(" ")).toBe(
    [
      "-protocol_whitelist file -format_whitelist wav -f wav -i file:/in/-a.wav",
      "-map 0:a:0 -map_metadata -1 -map_chapters -1 -ac 1 -ar 16000",
      "-c:a libmp3lame -b:a 64k -id3v2_version 0 -flags:a +bitexact -fflags +bitexact -f mp3 file:/out/a.part",
      "-map 0:a:0 -map_metadata -1 -map_chapters -1 -ac 2 -ar 48000",
      "-c:a libopus -b:a 32k -vbr off -flags:a +bitexact -fflags +bitexact -f ogg file:/out/b.part",
    ].join(" "),
  );
});

test("the demuxer is what the bytes are, whatever the name says", () => {
  const args = toConvertArguments({ path: "/in/a.wav", format: "opus" }, []);
  expect(args).toEqual([
    "-protocol_whitelist",
    "file",
    "-format_whitelist",
    "ogg",
    "-f",
    "ogg",
    "-i",
    "file:/in/a.wav",
  ]);
});
