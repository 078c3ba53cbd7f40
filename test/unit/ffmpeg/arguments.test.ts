import { describe, expect, test } from "vitest";
import { toProfile } from "../../../src/core/profile.ts";
import { toChannelMix, toConvertArguments } from "../../../src/ffmpeg/arguments.ts";

test("one decode, every target, nothing that another file could sneak in by", () => {
  const args = toConvertArguments([
    {
      path: "/in/-a.wav",
      demuxer: "wav",
      targets: [
        { path: "/out/a.part", profile: toProfile("mp3"), filter: "pan=mono|c0=0.5*c0+0.5*c1" },
        {
          path: "/out/b.part",
          profile: toProfile("opus", { sampleRateHz: 48000, channels: 2, cbr: true, effort: "fast" }),
          filter: undefined,
        },
      ],
    },
  ]);
  expect(args.join(" ")).toBe(
    [
      "-protocol_whitelist file -format_whitelist wav -f wav -i file:/in/-a.wav",
      "-map 0:a:0 -map_metadata -1 -map_chapters -1 -af pan=mono|c0=0.5*c0+0.5*c1,asettb=1/sr,asetpts=N -ac 1 -ar 16000",
      "-c:a libmp3lame -b:a 64k -compression_level 3 -id3v2_version 0",
      "-flags:a +bitexact -fflags +bitexact -f mp3 file:/out/a.part",
      "-map 0:a:0 -map_metadata -1 -map_chapters -1 -af asettb=1/sr,asetpts=N -ac 2 -ar 48000",
      "-c:a libopus -b:a 32k -compression_level 5 -vbr off",
      "-flags:a +bitexact -fflags +bitexact -f ogg file:/out/b.part",
    ].join(" "),
  );
});

test("the demuxer is what the bytes are, whatever the name says, and each source has its own targets", () => {
  const target = (path: string) => [{ path, profile: toProfile("wav"), filter: undefined }];
  const args = toConvertArguments([
    { path: "/in/a.wav", demuxer: "ogg", targets: target("/out/a") },
    { path: "/in/b.wav", demuxer: "flac", targets: target("/out/b") },
  ]).join(" ");
  expect(args).toContain("-format_whitelist ogg -f ogg -i file:/in/a.wav");
  expect(args).toContain("-format_whitelist flac -f flac -i file:/in/b.wav");
  expect(args).toMatch(/-map 0:a:0 .*file:\/out\/a -map 1:a:0 .*file:\/out\/b$/);
});

describe("channels are mixed in parts that add up to one", () => {
  test.each([
    [1, 1, undefined, undefined],
    [2, 2, undefined, undefined],
    [2, 1, undefined, "pan=mono|c0=0.5*c0+0.5*c1"],
    [4, 1, undefined, "pan=mono|c0=0.25*c0+0.25*c1+0.25*c2+0.25*c3"],
    [1, 2, undefined, "pan=stereo|c0=c0|c1=c0"],
    [2, 1, 1, "pan=mono|c0=c1"],
  ] as const)("%d to %d, only %s", (sourceChannels, targetChannels, only, filter) => {
    expect(toChannelMix({ sourceChannels, targetChannels, only })).toBe(filter);
  });
});
