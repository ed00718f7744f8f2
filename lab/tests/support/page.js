// Looking at a page as a person does: by the roles and names that the browser's accessibility tree has (which a screen
// reader speaks), and by the text that is shown. Nothing here knows ids, classes or tags.

const shown = element => element.checkVisibility({ visibilityProperty: true });

const words = text => text.replace(/\s+/g, " ").trim();

// Everything with that role, and that name where one is given, inside the region or dialog of that name where one is.
const all = ({ role, name, inside }) => {
  const roots = inside == null ? [document.documentElement] : [...document.querySelectorAll("*")].filter(
    element => element.computedName === inside && ["region", "dialog", "form", "list", "group", "log", "article"]
      .includes(element.computedRole),
  );
  return roots.flatMap(root => [...root.querySelectorAll("*")]).filter(
    element => element.computedRole === role && shown(element) && (name == null || words(element.computedName) === name),
  );
};

const text = inside => words(
  inside == null ? document.body.innerText : [...document.querySelectorAll("*")]
    .filter(element => element.computedName === inside && element.computedRole === "region")
    .map(element => element.innerText).join(" "),
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
  const beat = setInterval(again, 50);
  const limit = setTimeout(() => {
    stop();
    missing(new Error(`${wanted}: not within ${seconds} s. The page showed: ${text()}`));
  }, 1000 * seconds);
  if (!again())
    observer.observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
});
