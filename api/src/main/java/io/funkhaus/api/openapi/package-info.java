/** The published description of the REST API, made from the controllers: OpenAPI 3.1. */
@NullMarked
package io.funkhaus.api.openapi;

import org.jspecify.annotations.NullMarked;
