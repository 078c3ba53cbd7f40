import { describe, expect, it } from "vitest";
import { type ContentKind, isAudioKind, sniff } from "../../../src/audio/sniff.ts";
import { noise } from "./bytes.ts";
import { encoded } from "./encoded.ts";
import { frame, frames, HEADER, id3v2, mp3 } from "./mpeg-bytes.ts";
import { opusPages } from "./ogg-bytes.ts";
import { gsm } from "./speech-bytes.ts";
import { wav } from "./wav-bytes.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");
const OPUS = Buffer.concat(opusPages());

describe("sniff", () => {
  it.each([
    ["a WAV", "wav", wav()],
    ["an RF64 WAV", "wav", wav(undefined, { magic: "RF64" })],
    ["a BW64 WAV", "wav", wav(undefined, { magic: "BW64" })],
    ["an MP3 with an Info header", "mp3", mp3()],
    ["an MP3 without one", "mp3", frames(10)],
    ["an MP3 of a single frame", "mp3", frame(1)],
    ["an MP3 behind an ID3v2 tag", "mp3", Buffer.concat([id3v2(1000), frames(10)])],
    ["an MP3 behind a tag that fills the head", "mp3", Buffer.concat([id3v2(100_000), frames(10)])],
    ["an MP3 behind junk", "mp3", Buffer.concat([noise(5000), frames(10)])],
    ["an Ogg Opus", "opus", OPUS],
  ])("knows %s as one of the three formats", (_, kind, bytes) => {
    expect(sniff(bytes)).toMatchObject({ kind, format: kind });
  });

  it.each([
    ["MPEG Layer II", "mp2", encoded("a.mp2", ["-c:a", "mp2", "-ar", "16000", "-b:a", "64k"])],
    ["Ogg Vorbis", "ogg-other", encoded("a.ogg", ["-c:a", "libvorbis"])],
    ["FLAC", "flac", encoded("a.flac", [])],
    ["AAC", "aac", encoded("a.aac", [])],
    ["MP4", "mp4", encoded("a.m4a", [])],
    ["Matroska", "matroska", encoded("a.mka", ["-c:a", "libopus"])],
    ["AIFF", "aiff", encoded("a.aiff", [])],
    ["AVI, another RIFF", "riff-other", encoded("a.avi", ["-c:a", "pcm_s16le"])],
    ["AMR", "amr", latin1("#!AMR\n\x3c\x91\x17")],
    ["AMR-WB", "amr-wb", latin1("#!AMR-WB\n\x3c\x91\x17")],
    ["GSM", "gsm", gsm()],
    ["FLAC behind an ID3v2 tag", "flac", Buffer.concat([id3v2(50), latin1("fLaC\0\0\0\x22"), noise(200)])],
    ["a JPEG", "image", latin1("\xff\xd8\xff\xe0\0\x10JFIF\0")],
    ["a ZIP", "zip", latin1("PK\x03\x04\x14\0")],
    ["gzip", "gzip", latin1("\x1f\x8b\x08\0")],
    ["a PDF", "pdf", latin1("%PDF-1.7\n\xe2\xe3\xcf\xd3\0")],
    ["nothing", "empty", Buffer.alloc(0)],
    ["zeros", "binary", Buffer.alloc(4096)],
    ["noise", "binary", noise(70_000)],
    ["1024 incrementing bytes", "binary", Buffer.from(Array.from({ length: 1024 }, (_, index) => index & 0xff))],
    ["one header in noise", "binary", Buffer.concat([noise(500), frame(1).subarray(0, 40), noise(500)])],
    ["a run of 0xFF", "binary", Buffer.alloc(5000, 0xff)],
    ["the header alone", "binary", Buffer.from([0xff, 0xf3, 0x88, 0xc4])],
  ])("knows %s as something else", (_, kind, bytes) => {
    expect(sniff(bytes)).toMatchObject({ kind, format: undefined });
  });

  it.each([
    ["json", '{"error":"not found"}'],
    ["json", " [1, 2]"],
    ["json", "[]"],
    ["xml", '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
    ["xml", "<Error><Code>NoSuchKey</Code></Error>"],
    ["html", "<!DOCTYPE html><html></html>"],
    ["html", "<!-- served by proxy -->\n<HTML><body>502</body></HTML>"],
    ["ffconcat", "ffconcat version 1.0\nfile s.wav\n"],
    ["ffconcat", "# list\nfile 's.wav'\n"],
    ["hls", "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nsegment.ts\n"],
    ["m3u", "#EXTM3U\nother.mp3\n"],
    ["sdp", "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n"],
    ["text", "Service unavailable, please try again."],
    ["text", "über"],
    ["html", "\ufeff<html>"],
  ])("knows %s by its text", (kind, text) => {
    expect(sniff(Buffer.from(text))).toMatchObject({ kind, format: undefined });
  });

  it("reads text in UTF-16", () => {
    expect(sniff(Buffer.from('\ufeff{"a":1}', "utf16le")).kind).toBe("json");
  });

  it("takes a character that the head cuts in two for text", () => {
    expect(sniff(Buffer.from(`${"a".repeat(4095)}ü`)).kind).toBe("text");
  });

  it("does not take a free-format header with nothing behind it for audio", () => {
    expect(sniff(frame(1, (HEADER & ~0xf000) >>> 0)).kind).toBe("binary");
  });

  it("tells recordings from everything else", () => {
    const audio: readonly ContentKind[] = ["wav", "mp3", "opus", "mp2", "ogg-other", "flac", "amr-wb", "gsm", "g722"];
    const other: readonly ContentKind[] = ["riff-other", "ffconcat", "json", "image", "empty", "binary"];
    expect([...audio, ...other].filter(isAudioKind)).toEqual(audio);
  });

  it("names what it found", () => {
    expect(sniff(Buffer.from("{}")).label).toBe("a JSON document");
  });
});
