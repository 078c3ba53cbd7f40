import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { DocumentedSource } from "../../../../src/vendor/documented/documented-source.ts";
import {
  VendorListIncompleteError,
  VendorResponseError,
  VendorUnavailableError,
} from "../../../../src/vendor/errors.ts";
import { sendJson } from "../local-server.ts";
import { openApi } from "./api-under-test.ts";
import { makeIds, openMovingList, type Page, sorted } from "./moving-list.ts";

const withoutTotal = ({ data, pagination }: Page): Page => ({ data, pagination: { ...pagination, total: undefined } });

describe("a list that stands still", () => {
  it("is read once, in pages of 100 that share five rows, four at a time", async () => {
    const list = await openMovingList(makeIds(1000));
    const { ids, error } = await list.list();
    expect(error).toBeUndefined();
    expect(sorted(ids)).toEqual(sorted(list.rows));
    expect([...list.offsets].sort((a, b) => a - b)).toEqual([0, 95, 190, 285, 380, 475, 570, 665, 760, 855, 950]);
    expect(list.busiest()).toBeGreaterThan(1);
    expect(list.busiest()).toBeLessThanOrEqual(4);
  });

  it("is read page after page when its length is not told", async () => {
    const list = await openMovingList(makeIds(250), { mend: withoutTotal });
    expect(sorted((await list.list()).ids)).toEqual(sorted(list.rows));
    expect(list.offsets).toEqual([0, 95, 190]);
    expect(list.busiest()).toBe(1);
  });

  it.each([1, 2, 3, 7, 50])("is read whole from a server that gives %i rows at most", async (maxLimit) => {
    const list = await openMovingList(makeIds(30), { maxLimit });
    const { ids, error } = await list.list();
    expect(error).toBeUndefined();
    expect(sorted(ids)).toEqual(sorted(list.rows));
  });

  it("is read whole from a server that gives fewer rows than it says", async () => {
    const mend = (page: Page): Page => ({ ...page, pagination: { ...page.pagination, limit: 100 } });
    const list = await openMovingList(makeIds(180), { maxLimit: 50, mend });
    const { ids, error } = await list.list();
    expect(error).toBeUndefined();
    expect(sorted(ids)).toEqual(sorted(list.rows));
  });

  it("is had with one request from a server that knows no pages", async () => {
    const data = makeIds(230).map(toRow);
    const pagination = { total: 230, limit: 50, offset: 0, has_more: false };
    const { api, server } = await openApi((_, response) => sendJson(response, { data, pagination }));
    const ids: string[] = [];
    for await (const { recordingId } of new DocumentedSource(api).list({})) ids.push(recordingId);
    expect(ids).toHaveLength(230);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ["with a total", (page: Page): Page => page],
    ["without one", withoutTotal],
  ])("gives all rows but one of a state that is new to us, and says so, %s", async (_, withOrWithout) => {
    const mend = (page: Page): Page =>
      withOrWithout({
        ...page,
        data: page.data.map((row) =>
          "recording_id" in row && row.recording_id === "rec_120" ? { ...row, status: "archived" } : row,
        ),
      });
    const list = await openMovingList(
      Array.from({ length: 230 }, (__, index) => `rec_${index}`),
      { mend },
    );
    const { ids, error } = await list.list();
    expect(sorted(ids)).toEqual(sorted(list.rows.filter((id) => id !== "rec_120")));
    expect(error).toBeInstanceOf(VendorListIncompleteError);
    expect(error).toMatchObject({ message: "the list gave 229 recordings, and rows that cannot be read: 1" });
  });

  it("is empty when the vendor says so", async () => {
    const list = await openMovingList([]);
    expect(await list.list()).toEqual({ ids: [], error: undefined });
    expect(list.offsets).toEqual([0]);
  });
});

describe("a list that moves", () => {
  it("gives what is there all the time when rows vanish before the page that is read", async () => {
    const rows = makeIds(400);
    const list = await openMovingList([...rows], {
      mend: withoutTotal,
      before: (current, request) => request === 2 && current.splice(0, 3),
    });
    expect(sorted((await list.list()).ids)).toEqual(sorted(rows));
    expect(list.offsets).toEqual([0, 95, 190, 285, 380]);
  });

  it.each([20, 150, 390])("steps back when %i rows vanish at once", async (count) => {
    const rows = makeIds(800);
    const list = await openMovingList([...rows], {
      mend: withoutTotal,
      before: (current, request) => request === 5 && current.splice(0, count),
    });
    const { ids, error } = await list.list();
    expect(error).toBeUndefined();
    expect(list.rows).toHaveLength(800 - count);
    expect(ids).toEqual(expect.arrayContaining(sorted(list.rows)));
  });

  it("reads once more what appears at the front", async () => {
    const list = await openMovingList(makeIds(300), {
      before: (current, request) => request === 2 && current.unshift("rec_new"),
    });
    const { ids, error } = await list.list();
    expect(error).toBeUndefined();
    expect(sorted(ids)).toEqual(sorted(list.rows));
  });

  it("comes to an end while recordings appear with every page", async () => {
    const rows = makeIds(500);
    const list = await openMovingList([...rows], {
      before: (current, request) => current.unshift(`rec_new_${request}`),
    });
    const { ids, error } = await list.list();
    expect(error).toBeUndefined();
    expect(ids).toEqual(expect.arrayContaining(sorted(rows)));
    expect(list.offsets.length).toBeLessThan(20);
  });

  it("is whole when the oldest vanish while new ones appear and the count stays the same", async () => {
    const rows = makeIds(600);
    const list = await openMovingList([...rows], {
      before: (current, request) => {
        current.shift();
        current.push(`rec_new_${request}`);
      },
    });
    const { ids, error } = await list.list();
    expect(error).toBeUndefined();
    const stayed = rows.filter((id) => list.rows.includes(id));
    expect(stayed.length).toBeGreaterThan(550);
    expect(ids).toEqual(expect.arrayContaining(sorted(stayed)));
  });

  it("is not taken for whole when its pages never join", async () => {
    const list = await openMovingList([], {
      before: (current, request) => current.splice(0, current.length, ...makeIds(400, `rec_${request}`)),
    });
    const { error } = await list.list();
    expect(error).toBeInstanceOf(VendorListIncompleteError);
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining("changed too much") });
  });

  it("takes the later page's word for a recording", async () => {
    const mend = (page: Page, request: number): Page => ({
      ...page,
      data: page.data.map((row) => ({ ...row, status: request === 1 ? "processing" : "completed" })),
    });
    const list = await openMovingList(makeIds(110), { mend });
    const states = new Map<string, string>();
    for await (const { recordingId, status } of list.source.list({})) states.set(recordingId, status);
    expect(states.get("rec_0")).toBe("processing");
    expect(states.get("rec_97")).toBe("completed");
  });
});

describe("a list that tells false things", () => {
  it("is read again when rows are left out, and what one reading lacks another gives", async () => {
    const leaveOut = (page: Page, request: number): Page => ({
      ...page,
      data: page.data.filter((_, index) => index !== 40 + request),
    });
    const list = await openMovingList(makeIds(300), { mend: leaveOut });
    const { ids, error } = await list.list();
    expect(error).toBeUndefined();
    expect(sorted(ids)).toEqual(sorted(list.rows));
    expect(list.offsets.filter((offset) => offset === 0).length).toBe(2);
  });

  it("is given with an error when it has fewer rows than it counts", async () => {
    const lessOne = (page: Page): Page => ({ ...page, pagination: { ...page.pagination, total: 121 } });
    const list = await openMovingList(makeIds(120), { mend: lessOne });
    const { ids, error } = await list.list();
    expect(sorted(ids)).toEqual(sorted(list.rows));
    expect(error).toBeInstanceOf(VendorListIncompleteError);
    expect(error).toMatchObject({ expectedCount: 121, foundCount: 120, retryable: true });
    expect(list.offsets.filter((offset) => offset === 0).length).toBe(5);
  });

  it("is not taken for empty while it counts recordings", async () => {
    const nothing = (page: Page): Page => ({ data: [], pagination: { ...page.pagination, has_more: false } });
    const list = await openMovingList(makeIds(120), {
      mend: (page, request) => (request <= 2 ? nothing(page) : page),
    });
    const { ids, error } = await list.list();
    expect(error).toBeUndefined();
    expect(sorted(ids)).toEqual(sorted(list.rows));
  });

  it("is given up when the server knows no offset and never ends", async () => {
    const list = await openMovingList(makeIds(50), {
      mend: ({ pagination }) => ({
        data: makeIds(50).map(toRow),
        pagination: { ...pagination, total: 1_000_000, has_more: true },
      }),
    });
    const { ids, error } = await list.list();
    expect(ids).toHaveLength(50);
    expect(error).toBeInstanceOf(VendorResponseError);
    expect(list.offsets.length).toBeLessThan(10);
  });
});

describe("a page that fails", () => {
  it("is asked for again alone, as the caller makes requests", async () => {
    const rows = makeIds(900);
    const list = await openMovingList(rows);
    let made = 0;
    const { ids, error } = await list.list({
      call: async (request) => {
        made += 1;
        if (made === 6) await request();
        return request();
      },
    });
    expect(error).toBeUndefined();
    expect(ids).toHaveLength(900);
    expect(list.offsets).toHaveLength(11);
    expect(made).toBe(10);
  });

  it("leaves nothing under way behind", async () => {
    const failing: ServerResponse[] = [];
    const { api, server } = await openApi(({ path }, response) => {
      if (path.endsWith("offset=0")) sendJson(response, { data: makeIds(100).map(toRow), pagination: MORE });
      else failing.push(response);
      if (failing.length === 4) failing[0]?.writeHead(500).end();
    }, PATIENT);
    const seen: string[] = [];
    const reading = async () => {
      for await (const { recordingId } of new DocumentedSource(api).list({})) seen.push(recordingId);
    };
    await expect(reading()).rejects.toBeInstanceOf(VendorUnavailableError);
    expect(seen).toHaveLength(100);
    expect(server.requests).toHaveLength(5);
    await Promise.all(failing.slice(1).map((response) => response.closed || once(response, "close")));
  });
});

/** Nothing ends because it took too long. */
const PATIENT = { timeoutMs: 600_000 };
const MORE = { total: 1000, limit: 100, offset: 0, has_more: true };

function toRow(recording_id: string) {
  return { recording_id, call_id: "c", status: "completed", created_at: "2024-01-15T10:35:10Z" };
}
