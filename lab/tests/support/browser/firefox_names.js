// Firefox tells its driver what the accessibility tree has, but no script in the page. These reckon the roles and names of
// what our pages are made of (HTML-AAM, accname), to find elements by; whatever a story then touches, the driver is asked
// for the real ones.

const ROLES = { A: "link", BUTTON: "button", H1: "heading", H2: "heading", H3: "heading", INPUT: "textbox" };

const roleOf = element => element.getAttribute("role")
  ?? (element.matches("section[aria-label], section[aria-labelledby]") ? "region" : ROLES[element.tagName] ?? "");

const spoken = node => {
  if (node instanceof Text)
    return node.data;
  return node instanceof Element && node.ariaHidden !== "true" ? [...node.childNodes].map(spoken).join("") : "";
};

const nameOf = element => {
  const referred = (element.getAttribute("aria-labelledby") ?? "").split(" ").map(id => document.getElementById(id));
  const labels = [...referred.filter(Boolean), ...(element.labels ?? [])].map(spoken).join(" ");
  const attribute = name => element.getAttribute(name) ?? "";
  return labels || attribute("aria-label") || (element.tagName === "INPUT" ? "" : spoken(element))
    || attribute("title") || attribute("placeholder");
};
