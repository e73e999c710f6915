# Everything in one image: `command` chooses the service.
ARG SWIFT=6.3.1-bookworm
ARG DEBIAN=bookworm-20251229-slim

FROM swift:${SWIFT} AS build
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        libcurl4-openssl-dev libhiredis-dev libpq-dev libssl-dev libwebsockets-dev libzstd-dev \
        zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/build,sharing=locked \
    for product in cdb mexc_sim; do \
        swift build -c release --static-swift-stdlib --scratch-path /build --product "$product" \
        && install -D --strip "/build/release/$product" "/programs/$product" || exit 1; \
    done
# The services are one program that goes by its name: the Swift runtime is in the image once.
RUN for name in ws rest core risk execution writer; do ln -s cdb "/programs/cdb_$name"; done
# For cdb backup and restore; the packages would bring Perl and more into the image.
WORKDIR /tools
RUN apt-get update -q && apt-get download -q postgresql-client-15 redis-tools \
    && for package in *.deb; do dpkg-deb --extract "$package" unpacked || exit 1; done \
    && install -D --strip --target-directory tools/usr/lib/postgresql/15/bin \
        unpacked/usr/lib/postgresql/15/bin/pg_dump unpacked/usr/lib/postgresql/15/bin/pg_restore \
    && install -D --strip --target-directory tools/usr/bin unpacked/usr/bin/redis-cli

FROM debian:${DEBIAN}
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        ca-certificates libcurl4 libhiredis0.14 libpq5 libssl3 libwebsockets17 libzstd1 zlib1g \
        libatomic1 libjemalloc2 liblzf1 \
    && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/*
COPY --from=build /programs/ /usr/local/bin/
COPY --from=build /tools/tools/ /

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Claire de Binare" \
      org.opencontainers.image.description="An autonomous crypto trader that trades on paper" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"

ENV CDB_BIND=0.0.0.0
USER 10001:10001
CMD ["cdb", "help"]
