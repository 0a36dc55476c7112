/** What becomes of a link that stands in a notebook. */
export type SafeLink =
  /** Opens in this window: a place on this page, or a chapter. */
  | { readonly opens: "here"; readonly href: string }
  /** Opens in a window of its own, which learns nothing of this one. */
  | { readonly opens: "beside"; readonly href: string }
  /** Leads nowhere: a script, or something that only the workbench asks for. */
  | { readonly opens: "nothing" };

const own = /^\/(?:chapters\/|glossary$|search$|$)/;

/** Where may a link of a notebook lead? `page` is the address of the page that shows it. */
export function safeLink(href: string, page: string): SafeLink {
  if (href.startsWith("#")) return { opens: "here", href };
  const address = URL.parse(href, page);
  if (!address) return { opens: "nothing" };
  if (["http:", "https:"].includes(address.protocol)) {
    if (address.origin !== new URL(page).origin) return { opens: "beside", href: address.href };
    if (own.test(address.pathname)) return { opens: "here", href: address.href };
    return address.pathname.startsWith("/api/")
      ? { opens: "nothing" }
      : { opens: "beside", href: address.href };
  }
  return address.protocol === "mailto:"
    ? { opens: "beside", href: address.href }
    : { opens: "nothing" };
}
