import { spawnSync } from "node:child_process";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { CommandKeyProvider } from "../../../src/encryption/command-key-provider.ts";
import { makeDataKey } from "../../../src/encryption/data-key.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

/** A key service in a few lines: it turns the bytes of a key round, and keeps what it was asked. */
const SERVICE = `
const fs = require("node:fs");
const line = fs.readFileSync(0, "utf8");
const request = JSON.parse(line);
fs.writeFileSync(process.argv[2], JSON.stringify({ line, argv: process.argv.slice(2) }));
process.stdout.write(JSON.stringify({ key: Buffer.from(request.key, "base64").reverse().toString("base64") }) + "\\n");
`;

const FAILED = { code: "ENCRYPTION_KEY_COMMAND_FAILED", retryable: true };

function toProvider(program: string, args: readonly string[] = [], timeoutMs = 30_000): CommandKeyProvider {
  return new CommandKeyProvider({ program, arguments: args, timeoutMs }, "kms/archive");
}

async function writeScript(text: string): Promise<string> {
  const path = join(await makeTemporaryFolder(), "command");
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o700);
  return path;
}

test("a command wraps and unwraps, and is told on its standard input alone", async () => {
  const folder = await makeTemporaryFolder();
  const [script, asked] = [join(folder, "service.cjs"), join(folder, "asked; rm -rf $HOME")];
  await writeFile(script, SERVICE);
  const provider = toProvider(process.execPath, [script, asked]);
  const dataKey = makeDataKey();
  const key = dataKey.export().toString("base64");
  const wrapped = await provider.wrap(dataKey);
  expect(Buffer.from(wrapped, "base64").reverse().toString("base64")).toBe(key);
  const { line, argv } = JSON.parse(await readFile(asked, "utf8"));
  expect(line).toBe(`{"operation":"wrap","keyId":"kms/archive","key":"${key}"}\n`);
  expect(argv).toEqual([asked]);
  expect((await provider.unwrap(wrapped, "kms/older")).equals(dataKey)).toBe(true);
  expect(JSON.parse(await readFile(asked, "utf8")).line).toContain('"operation":"unwrap","keyId":"kms/older"');
});

test("why a command failed is told, but not the key that it repeats", async () => {
  const dataKey = makeDataKey();
  const provider = toProvider(await writeScript('read line; echo starting >&2; echo "denied: $line" >&2; exit 3'));
  const failure = await provider.wrap(dataKey).catch((error: unknown) => error);
  expect(failure).toMatchObject({ ...FAILED, message: expect.stringContaining("ended with status 3: denied:") });
  expect(String(failure)).not.toContain(dataKey.export().toString("base64"));
});

test.each([
  ["nothing", "cat > /dev/null"],
  ["no JSON", "cat > /dev/null; echo secret"],
  ["no key", `cat > /dev/null; echo '{"secret":"AAAA"}'`],
  ["no base64", `cat > /dev/null; echo '{"key":"secret!"}'`],
  ["a key of another length", `cat > /dev/null; echo '{"key":"c2VjcmV0"}'`],
])("a command that answers %s is refused, and the answer not told", async (_, script) => {
  const failure = await toProvider(await writeScript(script))
    .unwrap("AAAA", "kms/archive")
    .catch((error) => error);
  expect(failure).toMatchObject({ ...FAILED, message: expect.stringContaining("answered") });
  expect(String(failure)).not.toMatch(/secret|c2VjcmV0/);
});

test("a command that is not there, or reads nothing", async () => {
  await expect(toProvider("/none/such").wrap(makeDataKey())).rejects.toMatchObject({
    ...FAILED,
    message: "ENOENT for the key command /none/such",
  });
  await expect(toProvider(await writeScript("exec <&-; exit 1")).wrap(makeDataKey())).rejects.toMatchObject(FAILED);
});

test("a command that never stops printing is ended", async () => {
  const provider = toProvider(await writeScript("exec yes"));
  await expect(provider.wrap(makeDataKey())).rejects.toMatchObject({
    ...FAILED,
    message: expect.stringContaining("too much"),
  });
});

test("a command that takes too long is ended with all that it started", async () => {
  const pidFile = join(await makeTemporaryFolder(), "pid");
  const script = await writeScript(`sleep 600 & echo $! > '${pidFile}'; wait`);
  await expect(toProvider(script, [], 1000).wrap(makeDataKey())).rejects.toMatchObject({
    ...FAILED,
    message: expect.stringContaining("longer than 1000 ms"),
  });
  const pid = Number(await readFile(pidFile, "utf8"));
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
});

/** What nobody has waited for is listed still, as a zombie. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", `${pid}`], { encoding: "utf8" });
  return /^[^Z\s]/.test(stdout);
}
