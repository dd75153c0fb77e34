/** The nonce of this page, and its gift to every style made here: parts of Ant Design make some without asking. */
export const nonce =
  document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";

const create = document.createElement.bind(document);

document.createElement = (name: string, options?: ElementCreationOptions) => {
  const made = create(name, options);
  if (nonce && made instanceof HTMLStyleElement) made.nonce = nonce;
  return made;
};
