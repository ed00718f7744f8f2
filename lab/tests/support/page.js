// Looking at a page as a person does: by the roles and names that the browser's accessibility tree has (which a screen
// reader speaks), and by the text that is shown. Nothing here knows ids, classes or tags.

const shown = element => element.checkVisibility({ visibilityProperty: true });

const words = text => text.replace(/\s+/g, " ").trim();

// What could give an element its name. Asking the accessibility tree costs milliseconds, so only those are asked that
// may have the name.
const mayBeCalled = (element, name) => {
  const referred = (element.getAttribute("aria-labelledby") ?? "").split(" ").map(id => document.getElementById(id));
  // A label around a list has the list's words in it, which are not its name.
  const labels = [...(element.labels ?? [])].map(label => label.textContent.replace(element.textContent, ""));
  const sources = [...labels, ...[...referred, element].map(source => source?.textContent ?? "")];
  const attributes = ["aria-label", "title", "placeholder"].map(attribute => element.getAttribute(attribute) ?? "");
  return [...sources, ...attributes].some(source => words(source) === name);
};

// Everything with one of these roles and that name, inside these elements.
const called = (name, roles, within) => within.flatMap(root => [...root.querySelectorAll("*")]).filter(
  element => mayBeCalled(element, name) && shown(element)
    && words(nameOf(element)) === name && roles.includes(roleOf(element)),
);

const regions = name => called(name, ["region"], [document]);

// Everything with that role and name, in the region of that name where one is given.
const all = ({ role, name, inside }) => called(name, [role], inside == null ? [document] : regions(inside));

// The text that is shown, in the region of that name where one is given.
const text = inside => words(
  inside == null ? document.body.innerText : regions(inside).map(element => element.innerText).join(" "),
);

// Answers what `look` finds, as soon as it finds something.
const until = (wanted, look, seconds) => new Promise((found, missing) => {
  const stop = () => {
    observer.disconnect();
    clearInterval(beat);
    clearTimeout(limit);
  };
  const again = () => {
    const what = look();
    if (what) {
      stop();
      found(what);
    }
    return Boolean(what);
  };
  const observer = new MutationObserver(again);
  // Values of fields, focus and what style sheets show change without a mutation.
  const beat = setInterval(again, 250);
  const limit = setTimeout(() => {
    stop();
    missing(new Error(`${wanted}: not within ${seconds} s. The page showed: ${text()}`));
  }, 1000 * seconds);
  if (!again())
    observer.observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
});
