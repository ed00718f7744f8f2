// CommonJS modules of the npm registry, which a browser does not load by itself.
const loaded = new Map();

const text = path => {
  const request = new XMLHttpRequest();
  request.open("GET", path, false);
  request.send();
  return request.status === 200 ? request.responseText : undefined;
};

// The file that a module means by a name: beside it, or another package.
export const find = (name, from) => {
  if (!name.startsWith(".")) {
    const about = JSON.parse(text(`/npm/${name}/package.json`));
    const main = typeof about.browser === "string" ? about.browser : about.main ?? "index.js";
    return find(`./${main}`, `/npm/${name}/package.json`);
  }
  const path = new URL(name, new URL(from, location.href)).pathname.replace(/\/$/, "");
  return [path, `${path}.js`, `${path}/index.js`].find(file => /\.js(on)?$/.test(file) && text(file) !== undefined);
};

export const load = path => {
  if (loaded.has(path))
    return loaded.get(path).exports;
  const module = { exports: {} };
  loaded.set(path, module);
  if (path.endsWith(".json"))
    module.exports = JSON.parse(text(path));
  else
    new Function("module", "exports", "require", "process", text(path))(
      module, module.exports, name => load(find(name, path)), { env: {} },
    );
  return module.exports;
};
