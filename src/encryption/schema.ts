import { z } from "zod";

/** The most that a wrapped key may take; those of the key services are some hundred bytes. */
const MAX_KEY_LENGTH = 16_384;

/** What a key command answers, in one line of JSON. */
export const KeyAnswer = z.object({ key: z.base64().min(1).max(MAX_KEY_LENGTH) });
