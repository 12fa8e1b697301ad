# The service image of docker-compose.yml. `./funkhaus images` builds the jar first, and where no registry answers it
# also makes a base and passes it as JRE_BASE. The base must bring java 25 on PATH, and bash for the health check.
ARG JRE_BASE=eclipse-temurin:25-jre
FROM ${JRE_BASE}
COPY launcher/jvm.options launcher/compiler.json /app/
COPY web/target/funkhaus.jar /app/funkhaus.jar
WORKDIR /app
ENTRYPOINT ["java", "@/app/jvm.options", "-XX:CompilerDirectivesFile=/app/compiler.json", "-XX:MaxRAMPercentage=50", "-jar", "/app/funkhaus.jar"]
