@NullMarked
package io.funkhaus.web;

import org.jspecify.annotations.NullMarked;
