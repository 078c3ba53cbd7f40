import { rm, symlink, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { quarantineFile } from "../../../../src/fixity/heal/quarantine-file.ts";
import { BY, flipBit, makeHealRig, OPERATOR } from "../../../helpers/heal-rig.ts";

const DAY = "recordings/2024/01/15";

test("damaged bytes are moved, and nothing takes their place", async () => {
  const rig = await makeHealRig();
  const file = await rig.file("original");
  const bad = flipBit(await rig.read(file.key));
  await writeFile(rig.pathOf(file), bad);
  const outcome = await quarantineFile(rig.archive, { file, findings: [] }, BY);
  if (outcome.status !== "quarantined") throw new Error(outcome.status);
  expect(await rig.read(outcome.quarantinedAs)).toEqual(bad);
  const note = JSON.parse((await rig.read(`${outcome.quarantinedAs}.json`)).toString());
  expect(note).toMatchObject({ reason: "damaged", key: file.key, by: OPERATOR });
  expect(note).not.toHaveProperty("healedFrom");
  expect(await rig.tree()).toEqual([outcome.quarantinedAs, `${outcome.quarantinedAs}.json`, `${DAY}/rec_1.json`]);
});

test("a link that leads nowhere is moved as well", async () => {
  const rig = await makeHealRig();
  const file = await rig.file("original");
  await rm(rig.pathOf(file));
  await symlink("/nowhere", rig.pathOf(file));
  const quarantinedAs = "quarantine/rec_1.20260301T120000000Z";
  expect(await quarantineFile(rig.archive, { file, findings: [] }, BY)).toEqual({
    status: "quarantined",
    quarantinedAs,
  });
});

test("the recorded bytes are never moved", async () => {
  const rig = await makeHealRig();
  const before = await rig.tree();
  const file = await rig.file("original");
  expect(await quarantineFile(rig.archive, { file, findings: [] }, BY)).toEqual({ status: "sound" });
  expect(await rig.tree()).toEqual(before);
});

test("of what is missing there is nothing to move", async () => {
  const rig = await makeHealRig();
  const file = await rig.file("original");
  await rm(rig.pathOf(file));
  expect(await quarantineFile(rig.archive, { file, findings: [] }, BY)).toEqual({ status: "absent" });
  expect(await rig.tree()).toEqual([`${DAY}/rec_1.json`]);
});
