import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AUDIO_FORMATS, type AudioFormat } from "../../src/core/audio-format.ts";
import { ProfileError } from "../../src/core/errors.ts";
import { EFFORTS, PROFILE_NAME, type ProfileChoice, toProfile, toProfileName } from "../../src/core/profile.ts";
import { toChannelMix, toConvertArguments } from "../../src/ffmpeg/arguments.ts";

const page = readFileSync(new URL("../../docs/profiles.md", import.meta.url), "utf8");

/** More than any encoder here takes, and every rate that one of them could be thought to take. */
const MAX_KBPS = 600;
const RATES_HZ = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000];

const isLegal = (format: AudioFormat, choice: ProfileChoice) => {
  try {
    return toProfile(format, choice) !== undefined;
  } catch (error) {
    if (error instanceof ProfileError) return false;
    throw error;
  }
};

/** The legal bitrates the way the page writes them: a range where there is no gap, else a list. */
const toBitrates = (format: AudioFormat, choice: ProfileChoice) => {
  const all = Array.from({ length: MAX_KBPS }, (_, index) => index + 1);
  const legal = all.filter((bitrateKbps) => isLegal(format, { ...choice, bitrateKbps }));
  const [first = 0, last = 0] = [legal[0], legal.at(-1)];
  return legal.length > 1 && legal.length === last - first + 1 ? `${first} to ${last}` : legal.join(", ");
};

test("every combination that the page allows is legal, and no other", () => {
  const rows = AUDIO_FORMATS.flatMap((format) =>
    RATES_HZ.filter((sampleRateHz) => isLegal(format, { sampleRateHz })).map((sampleRateHz) =>
      [
        ...[format, sampleRateHz],
        ...([1, 2] as const).map((channels) => toBitrates(format, { sampleRateHz, channels })),
      ].join(" | "),
    ),
  );
  const described = [...page.matchAll(/^\| ((?:mp3|wav|opus) \| \d+ \| [^|]+ \| [^|]+) \|$/gm)].map(
    (match) => match[1],
  );
  expect(described.toSorted()).toEqual(rows.toSorted());
});

test("the default rate stands first", () => {
  for (const format of AUDIO_FORMATS) {
    const first = new RegExp(`^\\| ${format} \\| (\\d+) \\|`, "m").exec(page)?.[1];
    expect(Number(first)).toBe(toProfile(format).sampleRateHz);
  }
});

test("the names of derivatives are what the flags beside them make", () => {
  const rows = [...page.matchAll(/^\| `(--to [^`]+)` \| `rec_1\.([^.`]+)\.(\w+)` \|$/gm)];
  expect(rows.length).toBeGreaterThan(5);
  for (const [, flags = "", name = "", extension = ""] of rows) {
    const value = (flag: string) => new RegExp(`--${flag} (\\S+)`).exec(flags)?.[1];
    const format = AUDIO_FORMATS.find((one) => one === value("to"));
    if (format === undefined) throw new Error(`no format in ${flags}`);
    const profile = toProfile(format, {
      sampleRateHz: value("sample-rate") === undefined ? undefined : Number(value("sample-rate")),
      channels: value("channels") === "2" ? 2 : 1,
      cbr: flags.includes("--cbr"),
      effort: EFFORTS.find((effort) => effort === value("effort")),
      participant: value("participant") as ProfileChoice["participant"],
    });
    expect([name, extension], flags).toEqual([toProfileName(profile), format]);
  }
});

test("sizes are told of profiles that there are", () => {
  const names = [...page.matchAll(/^\| `([^`.]+)` \|(?: [\d,]+ \|){4}$/gm)].map((match) => match[1] ?? "");
  expect(names.length).toBeGreaterThan(8);
  for (const name of names) expect(name).toMatch(new RegExp(`^${PROFILE_NAME}$`));
});

const argumentsOf = (format: AudioFormat, choice: ProfileChoice = {}) => {
  const filter = toChannelMix({ sourceChannels: 2, targetChannels: 1, only: undefined });
  const target = { path: `/OUTPUT.${format}`, profile: toProfile(format, choice), filter };
  return toConvertArguments([{ path: "/SOURCE.wav", demuxer: "wav", targets: [target] }]);
};

test.each(AUDIO_FORMATS)("the arguments for %s are the program's own", (format) => {
  expect(page.split("\n")).toContain(argumentsOf(format).join(" "));
});

test.each(EFFORTS)("effort %s has the levels that the page says", (effort) => {
  const levelOf = (format: AudioFormat) => {
    const args = argumentsOf(format, { effort });
    return args[args.indexOf("-compression_level") + 1];
  };
  expect(page).toContain(`| \`${effort}\` | ${levelOf("opus")} | ${levelOf("mp3")} |`);
});

test("the filters are the program's own", () => {
  const both = toChannelMix({ sourceChannels: 2, targetChannels: 1, only: undefined });
  const [left, right] = [0, 1].map((only) => toChannelMix({ sourceChannels: 2, targetChannels: 1, only }));
  const doubled = toChannelMix({ sourceChannels: 1, targetChannels: 2, only: undefined });
  expect([...page.matchAll(/`(pan=[^`]+)`/g)].map((match) => match[1])).toEqual([both, left, right, doubled]);
});
