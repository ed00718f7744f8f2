// Where lines for developers go: the console, or what the page gave us in its place.

let logger = console;

const log = {
  log: (...words) => logger.log(...words),
  info: (...words) => logger.info(...words),
  warn: (...words) => logger.warn(...words),
  error: (...words) => logger.error(...words),
};

const LOGGERS = ["log", "info", "warn", "error"];

const setCustomLogger = custom => {
  if (LOGGERS.every(name => typeof custom?.[name] === "function"))
    logger = custom;
  else
    log.error("A logger needs the functions log, info, warn and error:", custom);
};

// JSON without what must not be read by others.
const SECRETS = ["password", "credential", "token"];
const masked = value => JSON.stringify(value, (key, inner) => (SECRETS.includes(key) ? "…" : inner));
