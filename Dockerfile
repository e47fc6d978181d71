# A static program in an empty image: no shell, no package manager, not root.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=container
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /signpost ./cmd/signpost \
 && mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /signpost /signpost
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build --chown=65532:65532 /data /tmp
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENV SIGNPOST_LISTEN=:8080 SIGNPOST_DATA=/data
HEALTHCHECK --interval=30s --timeout=5s CMD ["/signpost", "health"]
ENTRYPOINT ["/signpost"]
CMD ["serve"]
