import * as z from "zod";

/** The body of `PUT /api_auth` [O]. */
export const SignIn = z.object({ data: z.object({ api_key: z.string() }) });

/** 50 rows by default [K]; 100 is the most that the vendor's other lists return [O]. */
const PAGE_SIZE = { default: 50, max: 100 } as const;

/** The query of `GET /accounts/{account}/recordings`; instants are Gregorian seconds. */
export const AccountListQuery = z.object({
  created_from: z.coerce.number().int().optional(),
  created_to: z.coerce.number().int().optional(),
  page_size: z.coerce
    .number()
    .int()
    .min(1)
    .transform((size) => Math.min(size, PAGE_SIZE.max))
    .default(PAGE_SIZE.default),
  start_key: z.string().optional(),
});
export type AccountListQuery = z.infer<typeof AccountListQuery>;
