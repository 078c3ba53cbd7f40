import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real S3 server of Ceph's, with one user. */
export interface Radosgw {
  readonly endpoint: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  stop(): Promise<void>;
}

const PROGRAMS = ["ceph-mon", "ceph-osd", "ceph", "ceph-authtool", "monmaptool", "radosgw", "radosgw-admin"];

/** Tells whether the programs are here, as Debian's radosgw, ceph-mon, ceph-osd and ceph-common have them. */
export function hasRadosgw(): boolean {
  return PROGRAMS.every((program) => {
    try {
      return execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "pipe" }).length > 0;
    } catch {
      return false;
    }
  });
}

/** Starts one monitor, one object store in memory and the gateway, all for this test alone. Takes about a quarter of a minute. */
export async function openRadosgw(): Promise<Radosgw> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-rgw-"));
  const children: ChildProcess[] = [];
  const stop = async () => {
    const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = running.map((child) => once(child, "exit"));
    for (const child of running) child.kill("SIGKILL");
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await start(folder, children)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(folder: string, children: ChildProcess[]): Promise<Omit<Radosgw, "stop">> {
  const [monPort, port] = [await findFreePort(), await findFreePort()];
  const [cluster, osdId] = [randomUUID(), randomUUID()];
  for (const name of ["mon", "osd", "run"]) await mkdir(join(folder, name));
  const configuration = join(folder, "ceph.conf");
  await writeFile(configuration, toConfiguration(folder, { cluster, monPort, port }));
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { stdio: "pipe", timeout: 60_000 }).toString();
  const ceph = (...args: string[]) => run("ceph", "-c", configuration, ...args);
  const launch = (program: string, ...args: string[]) =>
    children.push(spawn(program, ["-c", configuration, "-f", ...args], { stdio: "ignore" }));

  const keyring = join(folder, "keyring");
  const allow = ["--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *"];
  run("ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *");
  for (const name of ["client.admin", "client.rgw"]) run("ceph-authtool", keyring, "--gen-key", "-n", name, ...allow);
  run(
    "ceph-authtool",
    keyring,
    "--gen-key",
    "-n",
    "osd.0",
    "--cap",
    "mon",
    "allow profile osd",
    "--cap",
    "osd",
    "allow *",
  );
  const map = join(folder, "monmap");
  run("monmaptool", "--create", "--fsid", cluster, "--addv", "a", `[v2:127.0.0.1:${monPort}]`, map);
  run("ceph-mon", "-c", configuration, "--mkfs", "-i", "a", "--monmap", map, "--keyring", keyring);
  launch("ceph-mon", "-i", "a");
  ceph("osd", "new", osdId);
  run("ceph-osd", "-c", configuration, "-i", "0", "--mkfs", "--osd-uuid", osdId);
  ceph("osd", "crush", "add", "osd.0", "1.0", "host=h", "root=default");
  launch("ceph-osd", "-i", "0");
  await until(async () => ceph("osd", "stat").includes("1 up"));

  const keys = { accessKeyId: "AK", secretAccessKey: "SK" };
  const user = ["user", "create", "--uid=t", "--display-name=t", "--access-key=AK", "--secret-key=SK"];
  run("radosgw-admin", "-c", configuration, "--name", "client.rgw", ...user);
  launch("radosgw", "--name", "client.rgw");
  const endpoint = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(endpoint).catch(() => undefined)) !== undefined);
  return { endpoint, keys };
}

interface ClusterPlace {
  readonly cluster: string;
  readonly monPort: number;
  readonly port: number;
}

function toConfiguration(folder: string, { cluster, monPort, port }: ClusterPlace): string {
  return `[global]
fsid = ${cluster}
mon host = [v2:127.0.0.1:${monPort}]
ms bind msgr1 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd crush chooseleaf type = 0
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon max pg per osd = 1000
mon data avail crit = 1
osd objectstore = memstore
memstore device bytes = 1073741824
admin socket = ${folder}/run/$name.asok
log file = ${folder}/$name.log
run dir = ${folder}/run
keyring = ${folder}/keyring
[mon.a]
mon data = ${folder}/mon
[osd.0]
osd data = ${folder}/osd
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${port}
`;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Asks again and again, for a minute. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let count = 0; count < 200; count += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error("it does not come up");
}
