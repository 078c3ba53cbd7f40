import type { Dispatcher } from "undici";
import type { Secret } from "../../core/secret.ts";
import { VendorUnauthorizedError } from "../errors.ts";
import { type AuthScheme, type Credential, type Headers, KeyCredential } from "./credential.ts";
import { ExchangedCredential } from "./exchanged-credential.ts";
import { type HttpRequest, HttpTransport, type HttpTransportOptions, type Send } from "./http-transport.ts";
import { signIn } from "./sign-in.ts";

/** What an {@link HttpClient} needs. */
export interface HttpClientOptions extends HttpTransportOptions {
  readonly apiKey: Secret;
  readonly auth: AuthScheme;
}

/** A request of which the client adds what proves who is calling. */
export type ClientRequest = Omit<HttpRequest, "headers"> & { readonly accept: string };

/** Sends requests with the key to the API's own origin, and to no other. Follows no redirect by itself. */
export class HttpClient {
  readonly origin: string;
  readonly timeoutMs: number;
  readonly #transport: HttpTransport;
  readonly #credential: Credential;

  constructor({ apiKey, auth, ...options }: HttpClientOptions) {
    const transport = new HttpTransport(options);
    this.#transport = transport;
    this.origin = transport.origin;
    this.timeoutMs = transport.timeoutMs;
    this.#credential =
      auth === "exchange"
        ? new ExchangedCredential(() => signIn(transport, { baseUrl: options.baseUrl, apiKey }))
        : new KeyCredential(apiKey, auth);
  }

  /**
   * Sends a request and returns the reply before its body; see {@link HttpTransport.send}. A token that is refused is
   * renewed once; a key that is refused is not sent again.
   *
   * @throws {VendorError} the status is 400 or more.
   */
  async send(request: ClientRequest): Promise<Dispatcher.ResponseData> {
    if (request.url.origin !== this.origin) return this.#sendWith(request, {});
    const key = await this.keyHeaders(request.signal);
    const reply = await this.#sendWith({ ...request, answers: [...(request.answers ?? []), 401] }, key);
    if (reply.statusCode !== 401) return reply;
    await reply.body.dump();
    if (!(await this.renewKey(key, request.signal))) throw new VendorUnauthorizedError(request.subject, 401);
    return this.#sendWith(request, await this.keyHeaders(request.signal));
  }

  /** Sends a request as it is, without a key. */
  get sendBare(): Send {
    return this.#transport.send;
  }

  /** Gives the headers that prove to the API who is calling. They are for its own origin alone. */
  keyHeaders(signal?: AbortSignal): Promise<Headers> {
    return this.#credential.headers(signal);
  }

  /** Gives the account that the key was exchanged for; undefined when there was no exchange, or none was told. */
  accountId(signal?: AbortSignal): Promise<string | undefined> {
    return this.#credential.accountId(signal);
  }

  /** Makes a new token in place of one that was refused; false when there is nothing to renew. */
  renewKey(refused: Headers, signal?: AbortSignal): Promise<boolean> {
    return this.#credential.renew(refused, signal);
  }

  /** Breaks off what is under way and closes all connections. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  #sendWith({ accept, ...request }: ClientRequest, key: Headers): Promise<Dispatcher.ResponseData> {
    return this.#transport.send({ ...request, headers: { accept, ...key } });
  }
}
