/** Which backups to keep: calculation only, on values; what it decides is carried out elsewhere. */
package cairn.retention;
