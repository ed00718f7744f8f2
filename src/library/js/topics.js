// Handlers by topic. Each is called by itself: what one throws is logged and the others are called all the same.

// `log` is told of what handlers throw.
const makeTopics = log => {
  const topics = new Map();
  const of = topic => topics.get(topic) ?? topics.set(topic, []).get(topic);
  return {
    add(topic, handler) {
      of(topic).push(handler);
    },
    // Takes one entry of the handler away; the same handler may have several.
    remove(topic, handler) {
      const at = of(topic).indexOf(handler);
      if (at >= 0)
        of(topic).splice(at, 1);
    },
    has: (topic, handler) => of(topic).includes(handler),
    isEmpty: topic => !of(topic).length,
    clear: () => topics.clear(),
    // `make` makes what each handler receives, so that none changes it for the next.
    publish(topic, make) {
      // A copy, for a handler may come or go meanwhile.
      for (const handler of [...of(topic)]) {
        try {
          handler(make());
        } catch (error) {
          log.error(`A handler of "${topic}" has thrown:`, error);
        }
      }
    },
  };
};

// A function, or a sentence in the log why it is not taken.
const isFunction = (handler, log) => {
  const fits = typeof handler === "function";
  if (!fits)
    log.error("A handler has to be a function, not:", handler);
  return fits;
};

// Adds a handler, unless it is none; the answer takes it away again. `changed` is told of both.
const subscribe = (topics, log, topic, handler, changed = () => {}) => {
  if (!isFunction(handler, log))
    return () => {};
  let isThere = true;
  topics.add(topic, handler);
  changed();
  return () => {
    if (isThere)
      topics.remove(topic, handler);
    isThere = false;
    changed();
  };
};
