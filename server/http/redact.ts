// Takes secrets out of addresses before they reach a log.

const SECRET_PATHS = /^(\/sign-in\/|\/invite\/|\/api\/invitations\/by-token\/)[^/?#]+/;
const SECRET_QUERY = /([?&](?:token|access_token)=)[^&#]*/gi;

/** The address of a request without tokens and link secrets. */
export function redactUrl(url: string): string {
  return url.replace(SECRET_PATHS, '$1[redacted]').replace(SECRET_QUERY, '$1[redacted]');
}
