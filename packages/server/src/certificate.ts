/** Whether a connection ended because of the other side's certificate: nobody vouches for it, it is another's, or past its time. */
export function isCertificateFault(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code, originalCode } = each as { readonly code?: unknown; readonly originalCode?: unknown };
    if (/CERT|UNABLE_TO_|HOSTNAME/.test(`${String(code)} ${String(originalCode)}`)) return true;
  }
  return false;
}
