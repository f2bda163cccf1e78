# Köpürö as an image: built in one stage, run in another that holds only what runs. It writes nowhere but into /data, needs no
# privileges and fetches nothing. How to start it: docs/operations/compose.yaml.
ARG NODE=24-bookworm-slim

FROM node:${NODE} AS build
WORKDIR /opt/kopuro
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY tsconfig.json vite.config.ts ./
COPY client client
COPY server server
COPY shared shared
COPY translations translations
RUN npm run build

FROM node:${NODE} AS modules
WORKDIR /opt/kopuro
COPY package.json package-lock.json .npmrc ./
# Optional packages and peers are compilers here: only building needs them.
RUN npm ci --omit=dev --omit=optional --omit=peer

FROM node:${NODE}
RUN install -d -o node -g node -m 700 /data \
  && ln -s /opt/kopuro/server/bin/kopuro.mjs /usr/local/bin/kopuro
WORKDIR /opt/kopuro
COPY --from=modules /opt/kopuro/node_modules node_modules
COPY --from=build /opt/kopuro/dist dist
COPY package.json LICENSE ./
# The command itself: it looks at the version of Node, says so in the language of the terminal, and runs what is in dist/.
COPY server/bin server/bin
COPY translations translations
# SQLite keeps what does not fit into memory in a temporary file; the rest of the file system may be read-only.
ENV NODE_ENV=production KOPURO_BUILD=off KOPURO_DATA=/data SQLITE_TMPDIR=/data
# A number, so that whoever forbids root can see that this is not root. It is the user `node`.
USER 1000:1000
VOLUME /data
EXPOSE 8080
# It needs up to 15 seconds to end: stop it with `--time 20` or more.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["kopuro"]
CMD ["serve"]
