import type { FastifyReply } from "fastify";
import type { Exchange } from "./exchange.ts";

/** What is answered in place of a route. */
export type Answer = (exchange: Exchange) => FastifyReply;

/** Answers 200 with a body that is none of the asked for. */
export function answerOk(mediaType: string, body: string): Answer {
  return ({ reply }) => reply.code(200).type(mediaType).send(body);
}

/** Answers an error with the documented body, and Retry-After if the fault has a number. */
export function answerStatus(status: number, error: string): Answer {
  return (exchange) => {
    const { reply } = exchange;
    const retryAfter = toRetryAfter(exchange);
    if (retryAfter !== undefined) reply.header("Retry-After", retryAfter);
    return reply.code(status).send({ error, message: `This is fault ${status} of the sandbox`, code: status });
  };
}

/** @see RFC 9110 section 10.2.3, which has both forms; a date has whole seconds, so it is rounded up */
function toRetryAfter({ drawn, clock }: Exchange): string | undefined {
  const { amount, isDate } = drawn.fault;
  if (amount === undefined) return undefined;
  if (!isDate) return String(amount);
  return new Date(Math.ceil(clock.now() / 1000 + amount) * 1000).toUTCString();
}
